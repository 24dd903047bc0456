using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Kubernetes.Blocks;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>The objects as others see them, and what others do to them.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class ObjectTests(ControlPlane plane) : IAsyncLifetime
{
    private const string Group = "apis/ipamsuite.dev/v1alpha1";
    private const int MostBytes = 16 * 1024;

    private KubernetesStore _store = null!;

    public async Task InitializeAsync() => _store = await plane.OpenAsync();

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await plane.EmptyAsync();
    }

    [Theory]
    [InlineData("10.255.255.192")]
    [InlineData("fd00:1111:2222:3333:4444:5555:6666:40")]
    public async Task A_full_block_of_a_cluster_is_stored_in_less_than_16_KiB(string address)
    {
        var id = Some.NoBlock(address).Id;
        var now = DateTimeOffset.UtcNow;
        var leases = Enumerable.Range(0, BlockId.Size).Select(offset => Some.Lease(
            id.AddressAt(offset), new Owner("pods-of-the-cluster", Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"), "eth0")) with
        {
            Node = new string('n', 40),
            Pod = new PodReference("production", "web-frontend-deployment-6d4cf56db6-" + Guid.NewGuid().ToString("N")[..5], Guid.NewGuid().ToString()),
            NetworkNamespace = $"/var/run/netns/cni-{Guid.NewGuid()}",
            AcquiredAt = now.AddTicks(offset),
            Sequence = now.ToUnixTimeMilliseconds() * 1000 + offset * 10_000,
            Cooldown = TimeSpan.FromSeconds(60),
        }).ToArray();
        Assert.Equal(40, leases[0].Pod!.Name.Length);
        var block = Some.NoBlock(address) with { Node = new string('n', 40) };

        var created = Assert.Single(await _store.CommitAsync([Change.Give(block, leases)], default));
        await _store.CommitAsync([Change.Give(Change.Give(block, leases).Block with { Version = created.Version })], default);

        var json = await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ipblocks/{BlockName.Of(id)}");
        Assert.InRange(json.Length, 1, MostBytes);
        Assert.DoesNotContain("managedFields", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_ended_stays_in_a_block_until_a_node_writes_it()
    {
        await using var node = await plane.OpenAsync(new KubernetesStoreOptions { EndsAreNoted = true });
        var (block, ended) = (Some.NoBlock("10.0.7.0"), new List<Lease>());
        for (var i = 0; i < Block.MostEndsToNote + 3; i++)
        {
            var lease = Some.Lease("10.0.7.9");
            block = await CommitAsync(_store, new BlockChange(block.Take(lease), [lease], []));
            block = await CommitAsync(_store, BlockChange.Release(block, lease, new ReleaseReason(ReleaseCause.Admin, "ann@admin-1"), DateTimeOffset.UtcNow));
            ended.Add(lease);
        }
        Assert.Equal(ended.Skip(3).Select(LeaseEvent.Kept), block.EndsToNote.Select(static end => end.Ended.Lease));
        Assert.Equal(new ReleaseReason(ReleaseCause.Admin, "ann@admin-1"), block.EndsToNote[0].Ended.Reason);
        Assert.InRange(block.EndsToNote[0].At, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));

        // A note that nobody can read is no damage.
        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Group}/ipblocks/{BlockName.Of(block.Id)}", """ [{ "op": "replace", "path": "/spec/ended/0", "value": "AAAA" }] """, "application/json-patch+json");
        block = Assert.Single(await node.ReadBlocksAsync([block.Id], default));
        Assert.Equal(Block.MostEndsToNote - 1, block.EndsToNote.Count);

        Assert.Empty((await CommitAsync(node, Change.Give(block, Some.Lease("10.0.7.10")))).EndsToNote);

        static async Task<Block> CommitAsync(KubernetesStore store, BlockChange change)
        {
            Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);
            return Assert.Single(await store.ReadBlocksAsync([change.Block.Id], default));
        }
    }

    [Theory]
    [InlineData(""" "futureSelector": { "labels": { "a": "b" } } """, "unknown key \"futureSelector\"")]
    [InlineData(""" "nodeSelector": { "matchLabels": { "a": "b" } } """, "unknown key \"matchLabels\"")]
    public async Task A_pool_with_a_selector_that_nobody_here_knows_is_for_nobody(string selector, string why)
    {
        await plane.Admin.MustAsync(HttpMethod.Post, $"{Group}/ippools", $$"""
            { "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPPool", "metadata": { "name": "blue" }, "spec": { "ranges": [{ "subnet": "10.1.0.0/16" }], {{selector}} } }
            """);

        var catalog = await _store.Pools.ReadAsync(default);

        Assert.Empty(catalog.Pools);
        Assert.Contains(why, Assert.Single(catalog.Damaged).Why, StringComparison.Ordinal);
    }

    /// <summary>The definition of an earlier version, which drops what it doesn't know: the pool would be for everybody.</summary>
    [Fact]
    public async Task A_pool_whose_selector_the_definition_would_drop_is_refused()
    {
        const string path = "apis/apiextensions.k8s.io/v1/customresourcedefinitions/ippools.ipamsuite.dev";
        const string spec = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
        using var definition = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, path));
        var networks = definition.RootElement.GetProperty("spec").GetProperty("versions")[0].GetProperty("schema").GetProperty("openAPIV3Schema")
            .GetProperty("properties").GetProperty("spec").GetProperty("properties").GetProperty("networks").GetRawText();
        await ChangeAsync($$"""{ "op": "remove", "path": "{{spec}}/properties/networks" }, { "op": "remove", "path": "{{spec}}/x-kubernetes-preserve-unknown-fields" }""");
        try
        {
            await Wait.UntilAsync(async () => await RefusalAsync() is not null, "the earlier definition");

            var refusal = await RefusalAsync();
            Assert.Contains("unknown field \"spec.networks\"", refusal, StringComparison.Ordinal);
            Assert.Contains("do deploy/kubernetes/crds and this program have the same version?", refusal, StringComparison.Ordinal);
        }
        finally
        {
            await ChangeAsync(
                $$"""{ "op": "add", "path": "{{spec}}/properties/networks", "value": {{networks}} }, { "op": "add", "path": "{{spec}}/x-kubernetes-preserve-unknown-fields", "value": true }""");
            await Wait.UntilAsync(async () => await RefusalAsync() is null, "the definition as it was");
        }

        Task ChangeAsync(string changes) => plane.Admin.MustAsync(HttpMethod.Patch, path, $"[{changes}]", "application/json-patch+json");
    }

    private async Task<string?> RefusalAsync()
    {
        try
        {
            var pool = new Pool { Name = $"p-{Guid.NewGuid()}", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }], Networks = ["pods"] };
            await _store.Pools.PutAsync(pool, default);
            return null;
        }
        catch (StoreException e)
        {
            return e.Message;
        }
    }

    [Fact]
    public async Task A_block_can_be_read_by_people()
    {
        var lease = Some.Lease("10.0.0.12") with { Sequence = 1_700_000_000_000_001, AcquiredAt = DateTimeOffset.UnixEpoch.AddMicroseconds(1_700_000_000_000_001) };
        await _store.CommitAsync([Change.Give(Some.NoBlock() with { Node = "node-a" }, lease)], default);

        using var block = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ipblocks/v4-010-000-000-000.default"));

        var spec = block.RootElement.GetProperty("spec");
        Assert.Equal(("default", "10.0.0.0/26", "node-a", 1), (spec.GetProperty("space").GetString(), spec.GetProperty("prefix").GetString(),
            spec.GetProperty("node").GetString(), spec.GetProperty("used").GetInt32()));
        Assert.Equal($"12 s=1700000000000001 c={lease.Owner.ContainerId} p=web-0 u={lease.Pod!.Uid} x=cni-1", spec.GetProperty("leases")[0].GetString());
        Assert.Equal(
            """{"interface":"eth0","namespace":"shop","netns":"/var/run/netns/","network":"pods","node":"node-a"}""",
            spec.GetProperty("common")[0].GetRawText());
    }

    [Fact]
    public async Task How_full_a_pool_is_is_shown_and_does_not_count_as_a_change_of_the_pool()
    {
        await _store.Pools.PutAsync(SomePool(), default);
        var pool = Assert.Single((await _store.Pools.ReadAsync(default)).Pools);
        var revision = await _store.Pools.ReadRevisionAsync(default);

        await _store.PoolStatuses!.PublishAsync([new PoolUsage("blue", "10.1.0.0/16, fd00::/64", new FamilyUsage(1000, 0, 1000, 0), new FamilyUsage(4000, 0, 3, 3997)), new PoolUsage("gone", "", null, null)], default);

        using var shown = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ippools/blue"));
        Assert.Equal(
            """{"conditions":[{"message":"no IPv4 address is left to hand out; release what is no longer used, or add a range","reason":"NoFreeAddress","status":"True","type":"Exhausted"}],"free":"0/3997","ranges":"10.1.0.0/16, fd00::/64","size":"1000/4000","used":1003,"usedByFamily":"1000/3","usedPercent":"100.0%/0.1%"}""",
            shown.RootElement.GetProperty("status").GetRawText());
        Assert.Equal(pool.Version, Assert.Single((await _store.Pools.ReadAsync(default)).Pools).Version);
        Assert.Equal(revision, await _store.Pools.ReadRevisionAsync(default));
        Assert.True(await _store.Pools.PutAsync(pool with { IsDisabled = true }, default));
        using var after = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ippools/blue"));
        Assert.Equal(1003, after.RootElement.GetProperty("status").GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task A_pool_that_somebody_edits_with_kubectl_is_heard_of_and_keeps_the_labels_it_was_given()
    {
        await _store.Pools.PutAsync(SomePool(), default);
        var before = await _store.Pools.ReadRevisionAsync(default);

        await plane.Admin.MustAsync(HttpMethod.Patch, $"{Group}/ippools/blue",
            """{"metadata":{"labels":{"team":"x"},"annotations":{"note":"y"}},"spec":{"disabled":true}}""", "application/merge-patch+json");

        for (var tries = 0; await _store.Pools.ReadRevisionAsync(default) == before; tries++)
        {
            Assert.True(tries < 200, "the change wasn't heard of");
            await Task.Delay(20);
        }
        var pool = Assert.Single((await _store.Pools.ReadAsync(default)).Pools);
        Assert.True(pool.IsDisabled);
        Assert.True(await _store.Pools.PutAsync(pool with { IsDisabled = false }, default));
        var json = await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ippools/blue");
        Assert.Contains("\"team\":\"x\"", json, StringComparison.Ordinal);
        Assert.Contains("\"note\":\"y\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_read_and_one_that_is_not_there_is_told_from_one_without_labels_and_subnets()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/nodes", """{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-a","labels":{"zone":"eu","a/b":""}},"spec":{"podCIDR":"10.244.3.0/24","podCIDRs":["10.244.3.0/24","fd00:3::/64"]}}""");
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/nodes", """{"apiVersion":"v1","kind":"Node","metadata":{"name":"bare"}}""");

        var facts = await _store.NodeFacts!.ReadNodeAsync("node-a", default);

        Assert.Equal(("eu", ""), (facts!.Labels["zone"], facts.Labels["a/b"]));
        Assert.Equal([Prefix.Parse("10.244.3.0/24"), Prefix.Parse("fd00:3::/64")], facts.PodCidrs);
        Assert.Empty((await _store.NodeFacts!.ReadNodeAsync("bare", default))!.PodCidrs);
        Assert.Null(await _store.NodeFacts!.ReadNodeAsync("node-b", default));
    }

    [Fact]
    public async Task A_pool_that_the_definitions_refuse_is_refused_with_their_words()
    {
        var pool = SomePool() with { Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.1/16") }] };

        var message = (await Assert.ThrowsAsync<StoreException>(() => _store.Pools.PutAsync(pool, default))).Message;

        Assert.Contains("\"10.1.0.1/16\" has host bits", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leadership_is_a_lease_that_kubectl_shows()
    {
        var then = new DateTimeOffset(2026, 11, 22, 13, 14, 15, TimeSpan.Zero);
        var record = (await _store.Leaders.PutAsync("reconcile", new LeaderRecord("node-a", TimeSpan.FromSeconds(15), then.AddTicks(1_234_567), then.AddTicks(70_000_009), 2), default))!;

        Assert.Equal("node-a 15 2026-11-22T13:14:15.123456Z 2026-11-22T13:14:22.000001Z 2", await SpecAsync());
        await _store.Leaders.PutAsync("reconcile", record with { Holder = "", Term = TimeSpan.FromSeconds(1) }, default);
        Assert.StartsWith(" 1 ", await SpecAsync(), StringComparison.Ordinal);

        async Task<string> SpecAsync()
        {
            using var lease = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, "apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases/ipam.reconcile"));
            var spec = lease.RootElement.GetProperty("spec");
            string[] keys = ["holderIdentity", "leaseDurationSeconds", "acquireTime", "renewTime", "leaseTransitions"];
            return string.Join(' ', keys.Select(key => spec.GetProperty(key).ToString()));
        }
    }

    private static Pool SomePool() => new() { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] };
}
