using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Kubernetes.Blocks;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>Listings that the server can't go on with as they began.</summary>
public sealed class ListingTests
{
    private static readonly string[] Addresses = ["10.0.0.0", "10.0.1.0", "10.0.2.0", "10.0.3.0"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listing_that_expires_midway_still_brings_each_block_once(bool serverOffersToGoOn)
    {
        var expired = false;
        await using var api = new FakeApi(request =>
        {
            if (request.Path.Contains("continue=second", StringComparison.Ordinal) && !expired)
            {
                expired = true;
                return FakeReply.Refusal(410, "too old", continueWith: serverOffersToGoOn ? "newer" : null);
            }
            if (request.Path.Contains("continue=", StringComparison.Ordinal))
                return Page(null, 2, 3);
            return Page("second", 0, 1);
        });
        await using var store = await api.OpenAsync(new KubernetesStoreOptions { ObjectsPerPage = 2 });

        var summaries = await store.ListSummariesAsync(new BlockFilter("default"), default);

        Assert.Equal(Addresses, summaries.Select(summary => summary.Id.AddressAt(0).ToString()));
        Assert.Equal(serverOffersToGoOn ? 3 : 4, api.Requests.Count);
    }

    [Fact]
    public async Task A_nodes_listing_that_expires_between_its_halves_is_begun_anew()
    {
        var calls = 0;
        await using var api = new FakeApi(request => request.Path.Contains("Exact", StringComparison.Ordinal)
            ? calls++ == 0 ? FakeReply.Refusal(410, "too old") : Page(null, 3)
            : Page(null, 0));
        await using var store = await api.OpenAsync();

        var summaries = await store.ListSummariesAsync(new BlockFilter("default", "node-a"), default);

        Assert.Equal(["10.0.0.0", "10.0.3.0"], summaries.Select(summary => summary.Id.AddressAt(0).ToString()));
        Assert.Equal(4, api.Requests.Count);
    }

    [Fact]
    public async Task An_object_made_by_hand_is_damaged_and_has_its_name()
    {
        await using var api = new FakeApi(request => request.Path.Contains("limit=1", StringComparison.Ordinal) && !request.Path.Contains("Selector", StringComparison.Ordinal)
            ? Page(null)
            : new FakeReply(200, """
                {"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"my-block","resourceVersion":"1","labels":{"ipamsuite.dev/space":"default"},
                 "annotations":{"ipamsuite.dev/held":"1"}}}]}
                """));
        await using var store = await api.OpenAsync();

        var summaries = await store.ListSummariesAsync(new BlockFilter("default"), default);

        Assert.Empty(summaries);
        Assert.Contains("kubectl get ipblock my-block -o yaml", Assert.Single(summaries.Damaged).Why, StringComparison.Ordinal);
    }

    private static FakeReply Page(string? continueWith, params int[] blocks)
    {
        var items = blocks.Select(i => $$"""
            { "metadata": { "name": "{{BlockName.Of(Some.NoBlock(Addresses[i]).Id)}}", "resourceVersion": "{{i + 1}}",
              "labels": { "ipamsuite.dev/space": "default", "ipamsuite.dev/shared": "" }, "annotations": { "ipamsuite.dev/held": "1" } } }
            """);
        return new FakeReply(200, $$"""
            { "items": [{{string.Join(',', items)}}], "metadata": { "resourceVersion": "10", "continue": "{{continueWith}}" } }
            """);
    }
}
