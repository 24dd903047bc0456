using System.Collections.Concurrent;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>How the pools' revision follows the server: by a watch that ends, breaks or expires, and without one.</summary>
public sealed class WatchTests
{
    private static readonly FakeReply NoPools = new(200, """{"metadata":{"resourceVersion":"10"},"items":[]}""");

    private static readonly KubernetesStoreOptions Impatient = new() { WatchPatience = TimeSpan.Zero };

    [Fact]
    public async Task A_change_is_heard_of_without_asking_again()
    {
        await using var api = new FakeApi(request => !IsWatch(request, "ippools")
            ? IsWatch(request) ? new FakeReply(200, "", StaysOpen: true) : NoPools
            : new FakeReply(200, Event("ADDED", "blue", 11), StaysOpen: true));
        await using var store = await api.OpenAsync();
        await store.Pools.ReadRevisionAsync(default);

        // Until the watch of reservations is on, too, each question still asks the server.
        var asked = 0;
        await AwaitAsync(store, revision =>
        {
            var before = asked;
            asked = api.Requests.Count;
            return revision == 2 && asked == before;
        });

        for (var i = 0; i < 10; i++)
            await store.Pools.ReadRevisionAsync(default);
        Assert.Equal(asked, api.Requests.Count);
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_from_the_last_bookmark()
    {
        var froms = new BlockingCollection<string>();
        await using var api = new FakeApi(request =>
        {
            if (!IsWatch(request, "ippools"))
                return IsWatch(request) ? new FakeReply(200, "", StaysOpen: true) : NoPools;
            froms.Add(request.Path[(request.Path.IndexOf("resourceVersion=", StringComparison.Ordinal) + 16)..]);
            // Without a length it ends with the connection, as a watch does.
            return froms.Count > 1 ? new FakeReply(200, "", StaysOpen: true) : new FakeReply(200, Event("BOOKMARK", "", 25));
        });
        await using var store = await api.OpenAsync();
        await store.Pools.ReadRevisionAsync(default);

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.Equal("10", froms.Take(late.Token));
        Assert.Equal("25", froms.Take(late.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watch_whose_past_is_forgotten_lists_anew(bool inTheStream)
    {
        var lists = 0;
        var gone = false;
        await using var api = new FakeApi(request =>
        {
            if (!request.Path.Contains("/ippools", StringComparison.Ordinal))
                return IsWatch(request) ? new FakeReply(200, "", StaysOpen: true) : NoPools;
            if (!IsWatch(request))
                return gone ? List(++lists) : NoPools;
            if (gone)
                return new FakeReply(200, "", StaysOpen: true);
            gone = true;
            return inTheStream
                ? new FakeReply(200, """{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}""" + "\n")
                : FakeReply.Refusal(410, "too old");
        });
        await using var store = await api.OpenAsync();
        await store.Pools.ReadRevisionAsync(default);

        await AwaitAsync(store, revision => revision > 1);
        Assert.True(lists > 0);

        static FakeReply List(int count) => new(200, $$"""{ "metadata": { "resourceVersion": "{{30 + count}}" }, "items": [{{Pool("blue", 29)}}] }""");
    }

    [Fact]
    public async Task While_the_watch_is_broken_each_question_asks_the_server()
    {
        await using var api = new FakeApi(request => IsWatch(request) ? FakeReply.Refusal(500, "no watches today") : NoPools);
        await using var store = await api.OpenAsync(Impatient);
        await store.Pools.ReadRevisionAsync(default);
        var before = api.Requests.Count(request => !IsWatch(request));

        await store.Pools.ReadRevisionAsync(default);

        Assert.Equal(before + 2, api.Requests.Count(request => !IsWatch(request)));
    }

    [Fact]
    public async Task With_the_server_gone_the_question_fails()
    {
        var down = false;
        await using var api = new FakeApi(request => down || IsWatch(request) ? FakeReply.Cut : NoPools);
        await using var store = await api.OpenAsync(Impatient);
        await store.Pools.ReadRevisionAsync(default);

        down = true;

        await Assert.ThrowsAsync<StoreException>(() => store.Pools.ReadRevisionAsync(default));
    }

    [Fact]
    public async Task An_object_that_makes_no_sense_is_damaged_and_has_its_name()
    {
        await using var api = new FakeApi(request => request.Path.Contains("ippools", StringComparison.Ordinal)
            ? new FakeReply(200, """{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"name":"odd","uid":"u","resourceVersion":"9"},"spec":{"ranges":[{"subnet":"x"}]}}]}""")
            : NoPools);
        await using var store = await api.OpenAsync();

        var message = Assert.Single((await store.Pools.ReadAsync(default)).Damaged).Why;

        Assert.Contains("the IPPool odd makes no sense", message, StringComparison.Ordinal);
        Assert.Contains("kubectl edit ippools odd", message, StringComparison.Ordinal);
    }

    private static bool IsWatch(FakeRequest request, string kind = "") =>
        request.Path.Contains("watch=1", StringComparison.Ordinal) && request.Path.Contains(kind, StringComparison.Ordinal);

    private static string Event(string type, string name, int version) => $$"""{ "type": "{{type}}", "object": {{Pool(name, version)}} }""" + "\n";

    private static string Pool(string name, int version) => $$"""
        { "metadata": { "name": "{{name}}", "uid": "uid-{{name}}", "generation": 1, "resourceVersion": "{{version}}" }, "spec": { "ranges": [{ "subnet": "10.1.0.0/16" }] } }
        """.ReplaceLineEndings(" ");

    /// <summary>Waits for news, which only asking tells.</summary>
    private static async Task AwaitAsync(KubernetesStore store, Predicate<long> isThere)
    {
        for (var tries = 0; !isThere(await store.Pools.ReadRevisionAsync(default)); tries++)
        {
            Assert.True(tries < 500, "the news didn't come");
            await Task.Delay(20);
        }
    }
}
