namespace Net.Plugin.Tests.Support;

/// <summary>
/// A host that forwards between a container (10.1.2.2/24, 2001:db8::2/64), one next door in the same prefix (10.1.2.130) and a machine
/// outside (203.0.113.2, 2001:db8:ffff::2), which knows a way back to the container.
/// </summary>
internal sealed class RoutedNetwork : IDisposable
{
    private readonly TestNamespace _container = new();
    private readonly TestNamespace _nextDoor = new();
    private readonly TestNamespace _outside = new();

    public RoutedNetwork()
    {
        try
        {
            Connect("to-first", _container, "10.1.2.1/25", "10.1.2.2/25", "2001:db8::1/64", "2001:db8::2/64");
            Connect("to-next", _nextDoor, "10.1.2.129/25", "10.1.2.130/25", "2001:db8:1::1/64", "2001:db8:1::2/64");
            Connect("to-out", _outside, "203.0.113.1/24", "203.0.113.2/24", "2001:db8:ffff::1/64", "2001:db8:ffff::2/64");
            Host.Run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TestNamespace Host { get; } = new();

    /// <summary>The address from which the machine outside sees the container come.</summary>
    public string SourceSeenOutside(string address) => Traffic.SourceSeen(_container, _outside, address);

    /// <summary>The same for the container next door.</summary>
    public string SourceSeenNextDoor(string address) => Traffic.SourceSeen(_container, _nextDoor, address);

    public void Dispose()
    {
        _container.Dispose();
        _nextDoor.Dispose();
        _outside.Dispose();
        Host.Dispose();
    }

    private void Connect(string name, TestNamespace other, string host4, string other4, string host6, string other6)
    {
        Host.Ip($"link add {name} type veth peer name eth0 netns {other.Name}");
        Host.DetectNoDuplicates(name);
        Host.Ip($"link set {name} up");
        other.Ip("link set eth0 up");
        other.Ip("link set lo up");
        Host.Ip($"addr add {host4} dev {name}");
        Host.Ip($"addr add {host6} dev {name} nodad");
        other.Ip($"addr add {other4} dev eth0");
        other.Ip($"addr add {other6} dev eth0 nodad");
        other.Ip($"route add default via {host4.Split('/')[0]}");
        other.Ip($"-6 route add default via {host6.Split('/')[0]}");
    }
}
