using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Support;

/// <summary>Values for tests that care about one or two things of them.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A lease acquired at 12:00, whose container id starts with the address.</summary>
    public static Lease Lease(string address, string space = "default", string network = "pods", string node = "node-a", PodReference? pod = null) => new()
    {
        Space = space,
        Address = Address.Parse(address),
        Owner = new Owner(network, $"{address}-{space}-container", "eth0"),
        Entry = 0,
        Sequence = 1_772_625_600_000_001,
        Node = node,
        Pod = pod,
        NetworkNamespace = "/run/netns/a",
        AcquiredAt = Noon,
    };

    public static PodReference Pod(string name, string @namespace = "shop") => new(@namespace, name, $"uid-of-{name}");
}
