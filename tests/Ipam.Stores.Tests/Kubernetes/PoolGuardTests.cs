using System.Net;
using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>A pool with leases that somebody deletes with kubectl stays until they are released.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class PoolGuardTests(ControlPlane plane) : IAsyncLifetime
{
    public const string Red = """
        {"apiVersion":"ipamsuite.dev/v1alpha1","kind":"IPPool","metadata":{"name":"red","finalizers":["example.com/other"]},"spec":{"ranges":[{"subnet":"10.1.0.0/16"}]}}
        """;

    private const string Pools = "apis/ipamsuite.dev/v1alpha1/ippools";
    private KubernetesStore _store = null!;

    public async Task InitializeAsync()
    {
        await plane.Admin.MustAsync(HttpMethod.Post, Pools, Red);
        _store = await plane.OpenAsync();
        await _store.Pools.ReadRevisionAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await plane.EmptyAsync();
    }

    [Fact]
    public async Task A_deleted_pool_waits_for_its_leases_and_hands_out_nothing_meanwhile()
    {
        await GuardAsync("red");
        Assert.Equal(["example.com/other", "ipamsuite.dev/leases"], await FinalizersAsync());
        var revision = await _store.Pools.ReadRevisionAsync(default);

        await plane.Admin.MustAsync(HttpMethod.Delete, $"{Pools}/red");
        await Wait.UntilAsync(async () => await _store.Pools.ReadRevisionAsync(default) != revision, "word of the deletion");
        Assert.True((await PoolAsync()).IsBeingDeleted);
        await GuardAsync("red");
        Assert.Equal(["example.com/other", "ipamsuite.dev/leases"], await FinalizersAsync());

        await GuardAsync();
        Assert.Equal(["example.com/other"], await FinalizersAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_ipamctl_deletes_does_not_wait(bool isBeingDeleted)
    {
        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Pools}/red", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await _store.Pools.ReadAsync(default);
        await GuardAsync("red");
        if (isBeingDeleted)
            await plane.Admin.MustAsync(HttpMethod.Delete, $"{Pools}/red");

        Assert.True(await _store.Pools.DeleteAsync(await PoolAsync(), default));
        Assert.Equal(HttpStatusCode.NotFound, (await plane.Admin.SendAsync(HttpMethod.Get, $"{Pools}/red")).Status);
        Assert.Empty((await _store.Pools.ReadAsync(default)).Pools);
    }

    [Fact]
    public async Task A_pool_that_is_changed_just_now_is_left_to_the_next_turn()
    {
        await using var late = await plane.OpenAsync();
        await late.Pools.ReadAsync(default);
        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Pools}/red", """{"metadata":{"finalizers":["example.com/third"]}}""", "application/merge-patch+json");

        await late.PoolGuard!.GuardAsync(new HashSet<string> { "red" }, default);
        Assert.Equal(["example.com/third"], await FinalizersAsync());
        await late.Pools.ReadAsync(default);
        await late.PoolGuard.GuardAsync(new HashSet<string> { "red" }, default);
        Assert.Equal(["example.com/third", "ipamsuite.dev/leases"], await FinalizersAsync());
    }

    [Fact]
    public async Task A_notice_is_an_event_of_the_pool()
    {
        await _store.Notices!.PostAsync(new Notice(NoticeSubject.Pool, "red", "PoolExhausted", new string('x', 2000)), default);
        await _store.Notices.PostAsync(new Notice(NoticeSubject.Node, $"{new string('n', 63)}.{new string('o', 189)}", "StoreLostData", "it was emptied"), default);

        using var listed = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, "api/v1/namespaces/default/events?fieldSelector=source=ipamd"));
        var events = listed.RootElement.GetProperty("items").EnumerateArray().ToList();
        var exhausted = events.Single(static one => one.GetProperty("reason").GetString() == "PoolExhausted" && one.GetProperty("message").GetString()![0] == 'x');
        Assert.Equal(("Warning", 1024), (exhausted.GetProperty("type").GetString(), exhausted.GetProperty("message").GetString()!.Length));
        var about = exhausted.GetProperty("involvedObject");
        using var pool = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Pools}/red"));
        Assert.Equal(
            ("IPPool", "red", pool.RootElement.GetProperty("metadata").GetProperty("uid").GetString()),
            (about.GetProperty("kind").GetString(), about.GetProperty("name").GetString(), about.GetProperty("uid").GetString()));
        Assert.Contains(events, static one => one.GetProperty("message").GetString() == "it was emptied" && one.GetProperty("involvedObject").GetProperty("kind").GetString() == "Node");
    }

    private async Task GuardAsync(params string[] inUse)
    {
        await _store.Pools.ReadAsync(default);
        await _store.PoolGuard!.GuardAsync(inUse.ToHashSet(), default);
    }

    private async Task<Pool> PoolAsync() => Assert.Single((await _store.Pools.ReadAsync(default)).Pools);

    private async Task<string[]> FinalizersAsync()
    {
        using var pool = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Pools}/red"));
        return [.. pool.RootElement.GetProperty("metadata").GetProperty("finalizers").EnumerateArray().Select(static text => text.GetString()!)];
    }
}
