using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Transfer;

/// <summary>Content that has one of everything, and what is at its limits.</summary>
internal static class Content
{
    public static async Task FillAsync(IIpamStore store, int leases)
    {
        var pool = new Pool
        {
            Name = "blue",
            Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/16") }],
            Policy = new AllocationPolicy { Cooldown = TimeSpan.FromMinutes(1) },
            NodeSelector = new NodeSelector { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } },
            PodSelector = new LabelSelector { Labels = new Dictionary<string, string> { ["d"] = "4", ["c"] = "3" } },
            Quotas = new Dictionary<string, long> { ["shop"] = 9, ["*"] = 7 },
        };
        Assert.True(await store.Pools.PutAsync(pool, default));
        Assert.True(AddressRange.TryParse("10.0.0.53", out var dns));
        Assert.True(await store.Pools.PutAsync(new Reservation { Name = "dns", Addresses = [dns], Reason = "the resolver" }, default));

        var first = Some.Lease("10.0.0.1", pod: Some.Pod("web-0")) with
        {
            NamespaceIdentity = new NamespaceIdentity(0x1f2e3d4c, 4026532281, 0x9a8b7c6d),
            AcquiredAt = Some.Noon.AddTicks(1234567),
            Cooldown = TimeSpan.FromMinutes(1),
            Owner = new Owner("pods", "c0", "eth0"),
        };
        List<Lease> all = [first];
        for (var i = 1; i < leases; i++)
        {
            var address = Address.Parse("10.0.0.1") with { Value = Address.Parse("10.0.0.1").Value + (uint)(i / 60 * 64 + i % 60) };
            all.Add(Some.Lease(address.ToString(), node: "node-b") with { Sequence = first.Sequence + i, NetworkNamespace = "", Owner = new Owner("pods", $"c{i}", "eth0") });
        }
        var changes = all.GroupBy(static lease => BlockId.Of(lease.Space, lease.Address)).Select(static group => new BlockChange(
            new Block(group.Key, group)
            {
                Node = "node-a",
                LastSequence = group.Max(static lease => lease.Sequence),
                LastOffset = 9,
                Cooling = [new CoolingAddress(63, Some.Noon.AddHours(1).AddMilliseconds(125))],
            }, [.. group], [])).ToList();
        var sixth = Some.Lease("fd00::41", "vrf-b") with { Sequence = 7, Entry = 1, NetworkNamespace = "", Owner = new Owner("pods", "v6", "net1") };
        changes.Add(new BlockChange(new Block(BlockId.Of("vrf-b", sixth.Address), [sixth]), [sixth], []));
        Assert.All(await store.CommitAsync(changes, default), static result => Assert.Equal(CommitStatus.Committed, result.Status));
    }
}
