using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;

namespace Net.Plugin.Tests.Support;

/// <summary>A fresh network namespace with a name of its own, removed at the end of the test.</summary>
internal sealed class TestNamespace : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    public TestNamespace()
    {
        Name = $"nptp-{Guid.NewGuid():N}"[..20];
        Command.Run("ip", "netns", "add", Name);
        Namespace = NetworkNamespace.Open(FilePath);
        _opened.Add(Namespace);
    }

    public string Name { get; }

    public string FilePath => $"/run/netns/{Name}";

    public NetworkNamespace Namespace { get; }

    public NetlinkSocket OpenRoute() => Open(NetlinkProtocol.Route);

    public NetlinkSocket OpenNetfilter() => Open(NetlinkProtocol.Netfilter);

    /// <summary>Runs a program inside.</summary>
    public string Run(string program, params string[] arguments) =>
        Command.Run("ip", ["netns", "exec", Name, Programs.Find(program) ?? program, .. arguments]);

    public CommandOutcome TryRun(string program, params string[] arguments) =>
        Command.TryRun("ip", ["netns", "exec", Name, Programs.Find(program) ?? program, .. arguments]);

    /// <summary>Runs <c>ip</c> inside, the arguments given as one would type them.</summary>
    public string Ip(string arguments) => Command.Run("ip", ["-n", Name, .. arguments.Split(' ')]);

    /// <summary>Adds an interface to try things on: one end of a veth pair whose other end lies beside it.</summary>
    public void AddLink(string name)
    {
        Ip($"link add {name} type veth peer name {name}-p");
        Ip($"link set {name}-p up");
    }

    /// <summary>
    /// Lets a link that is still down use its IPv6 addresses at once. A host asks for the neighbours of what it forwards from its link-local
    /// address, and while that is tentative not at all: three seconds of it, as on a busy machine, and they are unreachable (RFC 4861, 7.2.2).
    /// </summary>
    public void DetectNoDuplicates(string link) => Run("sysctl", "-q", "-w", "net.ipv6.conf.all.accept_dad=0", $"net.ipv6.conf.{link}.accept_dad=0");

    public void Dispose()
    {
        foreach (var opened in _opened)
            opened.Dispose();
        Command.TryRun("ip", "netns", "delete", Name);
    }

    private NetlinkSocket Open(NetlinkProtocol protocol)
    {
        var socket = Namespace.Run(() => NetlinkSocket.Open(protocol));
        _opened.Add(socket);
        return socket;
    }
}
