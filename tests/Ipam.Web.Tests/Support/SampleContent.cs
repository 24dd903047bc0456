using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Web.Tests.Support;

/// <summary>What the tests look at: three pools, leases in every state, a history, and names that somebody chose to do harm.</summary>
internal static class SampleContent
{
    /// <summary>A pod's name that would be markup.</summary>
    public const string Markup = "<img src=x onerror=alert(1)>\"'&amp;";

    /// <summary>A node's name with what reorders text, ends a line and controls a terminal.</summary>
    public const string Reordering = "node-\u202Egnp.exe\u2066\u0007\nz";

    /// <summary>A container's id of letters that are written from right to left.</summary>
    public const string RightToLeft = "\u05E9\u05DC\u05D5\u05DD-container";

    /// <summary>The lease whose names do harm.</summary>
    public const string HarmfulAddress = "10.1.0.9";

    /// <summary>Fills an empty store.</summary>
    public static async Task FillAsync(IIpamStore store)
    {
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(await store.Pools.PutAsync(PoolOf("blue", "10.1.0.0/24", "fd00:1::/64") with { Policy = new AllocationPolicy { Cooldown = TimeSpan.FromHours(1) } }, default));
        Assert.True(await store.Pools.PutAsync(PoolOf("large", "10.64.0.0/16"), default));
        Assert.True(await store.Pools.PutAsync(PoolOf("tiny", "10.2.0.0/29") with { IsDisabled = true }, default));
        var printers = AddressRange.TryParse("10.1.0.200-10.1.0.209", out var range) ? range : default;
        Assert.True(await store.Pools.PutAsync(new Reservation { Name = "printers", Addresses = [printers], Reason = "printers <of> floor 3" }, default));
        var leases = new List<Lease>();
        for (var i = 2; i < 80; i++)
            leases.Add(LeaseOf($"10.1.0.{i}", i % 3 == 0 ? "node-b" : "node-a", new PodReference("shop", $"web-{i}", $"uid-{i}"), now.AddMinutes(-i), 1000 + i));
        leases.RemoveAll(static lease => lease.Address.ToString() == HarmfulAddress);
        leases.Add(LeaseOf(HarmfulAddress, Reordering, new PodReference("<b>evil", Markup, "u"), now.AddHours(-3), 5000) with { Owner = new Owner("pods", RightToLeft, "eth0") });
        leases.Add(LeaseOf("10.1.0.201", "node-a", new PodReference("shop", "older-than-the-reservation", "u2"), now.AddDays(-3), 5001));
        var printer = Address.Parse("10.1.0.210");
        leases.Add(LeaseOf("10.1.0.210", "", null, now.AddDays(-30), 5002) with { Owner = Owner.Static("office", "printer-3", "default", printer) });
        leases.Add(LeaseOf("fd00:1::2", "node-a", new PodReference("shop", "web-2", "uid-2"), now.AddMinutes(-2), 5003) with { Entry = 1 });
        await store.ChangeAsync(leases, []);
        var gone = LeaseOf("10.1.0.100", "node-b", new PodReference("shop", "gone-0", "uid-gone"), now.AddHours(-5), 900) with { Cooldown = TimeSpan.FromHours(1) };
        await store.ChangeAsync([gone], []);
        await EndAsync(store, gone, new ReleaseReason(ReleaseCause.Reconciliation, "node-b", "the network namespace is <gone>"), now);
        await store.ChangeAsync([LeaseOf("10.1.0.100", "node-a", new PodReference("shop", "gone-1", "uid-gone-1"), now.AddHours(-4), 6000) with { Cooldown = TimeSpan.FromHours(1) }], []);
        await EndAsync(store, (await store.ReadBlocksAsync([BlockId.Of("default", gone.Address)], default))[0].LeaseOf(gone.Address)!, new ReleaseReason(ReleaseCause.Del, "node-a"), now);
        await FillLargeAsync(store, now);
        var identity = (await store.Past.ReadAsync(default)).Identity;
        Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-a", "instance-a", "run-a", "host-a.example", identity, 1), null, default));
        Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-b", "instance-b", "run-b", "host-b.example", identity, 1), null, default));
        await store.Leaders.PutAsync("controller", new LeaderRecord("node-a", TimeSpan.FromSeconds(15), now.AddHours(-2), now, 3), default);
    }

    private static async Task FillLargeAsync(IIpamStore store, DateTimeOffset now)
    {
        var changes = new List<BlockChange>();
        for (var number = 0; number < 96; number++)
        {
            var first = Address.Parse("10.64.0.0") with { Value = Address.Parse("10.64.0.0").Value + ((uint)number * 3 * BlockId.Size) };
            var node = $"node-{(char)('a' + (number % 5))}";
            var leases = Enumerable.Range(2, 1 + (number * 7 % 60))
                .Select(offset => LeaseOf(BlockId.Of("default", first).AddressAt(offset).ToString(), node, new PodReference("load", $"pod-{number}-{offset}", ""), now.AddMinutes(-number), 7000 + offset)).ToArray();
            changes.Add(new BlockChange(new Block(BlockId.Of("default", first), leases) { Node = node }, leases, []));
        }
        Assert.All(await store.CommitAsync(changes, default), static result => Assert.Equal(CommitStatus.Committed, result.Status));
    }

    /// <summary>Ends a lease as its node would, so that the address cools down.</summary>
    private static async Task EndAsync(IIpamStore store, Lease lease, ReleaseReason reason, DateTimeOffset now)
    {
        var block = (await store.ReadBlocksAsync([BlockId.Of(lease.Space, lease.Address)], default))[0];
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(block.Release(lease, now), [], [new EndedLease(lease, reason)])], default))[0].Status);
    }

    private static Lease LeaseOf(string address, string node, PodReference? pod, DateTimeOffset at, long sequence) => Some.Lease(address, node: node, pod: pod) with
    {
        AcquiredAt = at,
        Sequence = sequence,
        Owner = new Owner("pods", $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(address)))}", "eth0"),
    };

    private static Pool PoolOf(string name, params string[] subnets) => new() { Name = name, Ranges = [.. subnets.Select(static subnet => new PoolRange { Subnet = Prefix.Parse(subnet) })] };
}
