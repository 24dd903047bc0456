namespace Net.Plugin.Tests.Support;

/// <summary>What lies beyond the host: a namespace on its uplink, in a network of each family.</summary>
internal static class World
{
    /// <summary>All but the last number of the IPv4 addresses: the host has 1, the world 2.</summary>
    public const string V4 = "203.0.113";

    /// <summary>The same of the IPv6 addresses.</summary>
    public const string V6 = "2001:db8:ffff:";

    /// <summary>Makes the uplink between host and world.</summary>
    public static void Connect(TestNamespace host, TestNamespace world)
    {
        host.Ip($"link add uplink type veth peer name eth0 netns {world.Name}");
        host.DetectNoDuplicates("uplink");
        host.Ip("link set uplink up");
        world.Ip("link set eth0 up");
        host.Ip($"addr add {V4}.1/24 dev uplink");
        world.Ip($"addr add {V4}.2/24 dev eth0");
        host.Ip($"addr add {V6}:1/64 dev uplink nodad");
        world.Ip($"addr add {V6}:2/64 dev eth0 nodad");
    }
}
