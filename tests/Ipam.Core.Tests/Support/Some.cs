using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Tests.Support;

/// <summary>Values that tests need where the particulars don't matter.</summary>
internal static class Some
{
    public const string Space = "default";

    public static DateTimeOffset Instant { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Owner Owner(string name) => new("net", name, "eth0");

    public static Lease Lease(string address, string owner = "a", long sequence = 1, int entry = 0, string space = Space) => new()
    {
        Space = space,
        Address = Address.Parse(address),
        Owner = Owner(owner),
        Entry = entry,
        Sequence = sequence,
        Node = "node",
        AcquiredAt = Instant,
    };

    /// <summary>A range within a /24 or /64 around its first address, written as a prefix, an address, or two ends.</summary>
    public static AllocationRange Range(string bounds, string? gateway = null, params string[] excluded)
    {
        var range = AddressRange(bounds);
        return new AllocationRange(
            new Prefix(range.First, range.First.Family == IpFamily.V4 ? 24 : 64),
            range,
            gateway is null ? null : Address.Parse(gateway),
            [.. excluded.Select(AddressRange)]);
    }

    public static AddressRange AddressRange(string text) =>
        Core.Addresses.AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    /// <summary>An address of the first of the ranges that has room.</summary>
    public static AllocationEntry Entry(params string[] bounds) => new([.. bounds.Select(static text => Range(text))]);

    /// <summary>The same request with another order of addresses.</summary>
    public static AllocationRequest InOrder(this AllocationRequest request, AllocationOrder order) =>
        request.Under(new AllocationPolicy { Order = order });

    /// <summary>The same request with all its ranges under a policy.</summary>
    public static AllocationRequest Under(this AllocationRequest request, AllocationPolicy policy) => request with
    {
        Entries = [.. request.Entries.Select(entry => entry with { Ranges = [.. entry.Ranges.Select(range => range.Under(policy))] })],
    };

    public static AllocationRequest Request(string owner, params AllocationEntry[] entries) => Request(Owner(owner), entries);

    public static AllocationRequest Request(Owner owner, params AllocationEntry[] entries) =>
        new() { Space = Space, Owner = owner, Entries = entries, Node = "node" };
}
