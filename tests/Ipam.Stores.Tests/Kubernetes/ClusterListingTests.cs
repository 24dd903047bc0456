using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>A listing of who lives is whole and of one moment, or there is none: whoever is missing in it counts as gone.</summary>
public sealed class ClusterListingTests
{
    private const int MostTries = 6;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listing_that_expires_midway_is_begun_anew_and_has_nothing_of_before(bool serverOffersToGoOn)
    {
        var hasExpired = false;
        await using var api = new FakeApi(request =>
        {
            if (!request.Path.Contains("continue=", StringComparison.Ordinal))
                return hasExpired ? Page("20", "second", "b", "c") : Page("10", "second", "a", "b");
            if (hasExpired)
                return Page("20", null, "d");
            hasExpired = true;
            return FakeReply.Refusal(410, "too old", continueWith: serverOffersToGoOn ? "newer" : null);
        });
        await using var store = await api.OpenAsync(new KubernetesStoreOptions { ObjectsPerPage = 2, PodsPerPage = 2 });

        var pods = await store.Cluster!.ListPodsAsync(default);

        Assert.Equal(["b", "c", "d"], pods.Select(static pod => pod.Name));
        Assert.Equal(4, api.Requests.Count);
        Assert.All(api.Requests, static request => Assert.DoesNotContain("resourceVersion", request.Path, StringComparison.Ordinal));
        Assert.All(api.Requests, static request => Assert.Contains("limit=2", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_of_two_moments_are_no_listing()
    {
        var moment = 10;
        await using var api = new FakeApi(request => request.Path.Contains("continue=", StringComparison.Ordinal)
            ? Page($"{(moment++ == 10 ? 11 : moment - 1)}", null, "b")
            : Page($"{moment}", "second", "a"));
        await using var store = await api.OpenAsync();

        Assert.Equal(["a", "b"], (await store.Cluster!.ListNodesAsync(default)).Keys);
        Assert.Equal(4, api.Requests.Count);
        Assert.All(api.Requests, static request => Assert.Contains("as=PartialObjectMetadataList", request.Accept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_forgets_each_moment_is_given_up()
    {
        await using var api = new FakeApi(request => request.Path.Contains("continue=", StringComparison.Ordinal)
            ? FakeReply.Refusal(410, "too old", continueWith: "newer")
            : Page("10", "second", "a"));
        await using var store = await api.OpenAsync();

        var fault = await Assert.ThrowsAsync<StoreException>(() => store.Cluster!.ListPodsAsync(default));

        Assert.Contains("forgets old versions faster than pods can be listed", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2 * MostTries, api.Requests.Count);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"namespace":"x","name":"b","resourceVersion":"1"}}]}""", "without a namespace, a name or a UID")]
    [InlineData("""{"metadata":{"resourceVersion":"10"},"items":[{"spec":{}}]}""", "without a namespace, a name or a UID")]
    [InlineData("""{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"namespace":"x","name":7,"uid":"u"}}]}""", "found Number, wanted a text")]
    [InlineData("""{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"namespace":"x","name":"b","uid":"u"}}""", "can't be read")]
    [InlineData("""{"metadata":{"resourceVersion":"10"},"items":[null]}""", "an item that is no object")]
    [InlineData("""{"items":[]}""", "without a resource version")]
    [InlineData("{}", "without a resource version")]
    [InlineData("<html>", "can't be read")]
    public async Task A_page_that_makes_no_sense_fails_the_call(string page, string why)
    {
        await using var api = new FakeApi(request => request.Path.Contains("continue=", StringComparison.Ordinal) ? new FakeReply(200, page) : Page("10", "second", "a"));
        await using var store = await api.OpenAsync();

        Assert.Contains(why, (await Assert.ThrowsAsync<StoreException>(() => store.Cluster!.ListPodsAsync(default))).Message, StringComparison.Ordinal);
    }

    private static FakeReply Page(string version, string? continueWith, params IEnumerable<string> names)
    {
        var items = names.Select(static name => $$$"""{"metadata":{"namespace":"x","name":"{{{name}}}","uid":"uid of {{{name}}}","resourceVersion":"1"}}""");
        return new FakeReply(200, $$"""
            {"metadata":{"resourceVersion":"{{version}}","continue":"{{continueWith}}"},"items":[{{string.Join(',', items)}}]}
            """);
    }
}
