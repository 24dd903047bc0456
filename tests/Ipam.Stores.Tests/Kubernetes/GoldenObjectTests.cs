using System.Globalization;
using System.Text.Json.Nodes;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>
/// Objects that an earlier version wrote (Golden/objects.json; Golden/blocks.txt has what that version read of them), and a block after that
/// version released 10.1.0.3 (after.json). All of it is read, and what is written is what that version writes: either can follow the other.
/// </summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class GoldenObjectTests(ControlPlane plane) : IAsyncLifetime
{
    private const string Group = "apis/ipamsuite.dev/v1alpha1";

    private KubernetesStore _store = null!;

    public async Task InitializeAsync()
    {
        foreach (var item in JsonNode.Parse(Golden("objects.json"))!.AsArray())
            await plane.Admin.MustAsync(HttpMethod.Post, $"{Group}/{item!["kind"]!.GetValue<string>().ToLowerInvariant()}s", item.ToJsonString());
        _store = await plane.OpenAsync(new KubernetesStoreOptions { EndsAreNoted = true });
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await plane.EmptyAsync();
    }

    [Fact]
    public async Task All_of_it_is_read()
    {
        var lines = new List<string>();
        var blocks = new List<Block>();
        await foreach (var page in _store.ListBlocksAsync(BlockFilter.All, default))
            blocks.AddRange(page);
        foreach (var block in blocks)
        {
            lines.Add($"block {Text(block.Id.Space)} {block.Id.Prefix} node={Text(block.Node)} last={block.LastSequence}/{block.LastOffset} held={block.Held:x}");
            lines.AddRange(block.Leases.Select(static lease => string.Create(
                CultureInfo.InvariantCulture,
                $"lease {lease.Address} {Text(lease.Owner.Network)} {Text(lease.Owner.ContainerId)} {Text(lease.Owner.InterfaceName)} entry={lease.Entry} sequence={lease.Sequence} node={Text(lease.Node)} pod={Text(lease.Pod is { } pod ? $"{pod.Namespace}/{pod.Name}/{pod.Uid}" : null)} netns={Text(lease.NetworkNamespace)} at={lease.AcquiredAt:O} cooldown={lease.Cooldown.TotalSeconds}")));
            lines.AddRange(block.Cooling.Select(static cooling => string.Create(CultureInfo.InvariantCulture, $"cooling {cooling.Offset} {cooling.Until:O}")));
        }

        Assert.Equal(Golden("blocks.txt").TrimEnd().Split('\n'), lines);
        Assert.Equal(["Blue Space ♥", "default"], await _store.ListSpacesAsync(default));
        var summaries = await _store.ListSummariesAsync(new BlockFilter("default", "node-b"), default);
        Assert.Equal(("node-a", 0x8000010000001249UL), (Assert.Single(summaries).Node, summaries[0].Held));
        var catalog = await _store.Pools.ReadAsync(default);
        var pool = Assert.Single(catalog.Pools);
        Assert.Equal("blue 10.1.0.0/16, fd00::1:0/112 shop", $"{pool.Name} {string.Join(", ", pool.Ranges.Select(static range => range.Subnet))} {string.Join(", ", pool.Namespaces)}");
        Assert.Equal(new AllocationPolicy { Affinity = BlockAffinity.Node, IsStrict = true, Cooldown = TimeSpan.FromMinutes(1), ReusesCooling = true }, pool.Policy);
        Assert.Equal(("dns", "resolver", 2), (Assert.Single(catalog.Reservations).Name, catalog.Reservations[0].Reason, catalog.Reservations[0].Addresses.Count));
    }

    [Fact]
    public async Task A_release_leaves_the_object_that_the_earlier_version_leaves()
    {
        var block = Assert.Single(await _store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.1.0.0"))], default));
        var noon = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        var change = BlockChange.Release(block, block.LeaseOf(Address.Parse("10.1.0.3"))!, new ReleaseReason(ReleaseCause.Del, "node-a"), noon);
        Assert.Equal(CommitStatus.Committed, Assert.Single(await _store.CommitAsync([change], default)).Status);

        var written = JsonNode.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ipblocks/v4-010-001-000-000.default"))!;
        var metadata = written["metadata"]!.AsObject();
        foreach (var key in metadata.Select(static property => property.Key).Except(["name", "labels", "annotations"]).ToList())
            metadata.Remove(key);
        written["spec"]!.AsObject().Remove("previous");
        var expected = JsonNode.Parse(Golden("after.json"))!;
        Assert.True(JsonNode.DeepEquals(expected, written), $"wanted {expected.ToJsonString()}, found {written.ToJsonString()}");
    }

    [Fact]
    public async Task A_pool_that_is_changed_keeps_what_it_said()
    {
        var pool = Assert.Single((await _store.Pools.ReadAsync(default)).Pools);

        Assert.True(await _store.Pools.PutAsync(pool with { IsDisabled = true }, default));

        var spec = JsonNode.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Group}/ippools/blue"))!["spec"]!;
        var expected = JsonNode.Parse(Golden("objects.json"))!.AsArray().Single(static item => item!["kind"]!.GetValue<string>() == "IPPool")!["spec"]!;
        Assert.True(spec.AsObject().Remove("disabled"));
        Assert.True(JsonNode.DeepEquals(expected, spec), $"wanted {expected.ToJsonString()}, found {spec.ToJsonString()}");
    }

    private static string Text(string? text) => string.IsNullOrEmpty(text) ? "-" : Uri.EscapeDataString(text);

    private static string Golden(string name) => File.ReadAllText(RepositoryRoot.PathOf($"tests/Ipam.Stores.Tests/Kubernetes/Golden/{name}"));
}
