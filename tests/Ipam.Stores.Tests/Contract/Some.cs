using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Values for tests that care about one or two things of them.</summary>
internal static class Some
{
    private static long _sequence = 1_700_000_000_000_000;

    /// <summary>The block of an address, as a store that doesn't have it sees it.</summary>
    public static Block NoBlock(string address = "10.0.0.0", string space = "default") =>
        new(BlockId.Of(space, Address.Parse(address)), []);

    /// <summary>A lease of a new owner, unless one is given.</summary>
    public static Lease Lease(string address, Owner? owner = null, int entry = 0, string space = "default") =>
        Lease(Address.Parse(address), owner, entry, space);

    /// <summary>A lease of a new owner, unless one is given.</summary>
    public static Lease Lease(Address address, Owner? owner = null, int entry = 0, string space = "default") => new()
    {
        Space = space,
        Address = address,
        Owner = owner ?? Owner(),
        Entry = entry,
        Sequence = Interlocked.Increment(ref _sequence),
        Node = "node-a",
        Pod = new PodReference("shop", "web-0", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        NetworkNamespace = "/var/run/netns/cni-1",
        AcquiredAt = new DateTimeOffset(2026, 11, 22, 13, 14, 15, 678, TimeSpan.Zero),
    };

    /// <summary>An owner that no one else is.</summary>
    public static Owner Owner() => new("pods", Guid.NewGuid().ToString("N"), "eth0");
}
