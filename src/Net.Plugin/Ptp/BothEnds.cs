using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;

namespace Net.Plugin.Ptp;

/// <summary>
/// The host's and the container's network namespace, with a netlink socket into each. The container's is opened inside and used from
/// outside, so that a thread has to go in only for what is a file there.
/// </summary>
internal sealed class BothEnds : IDisposable
{
    private BothEnds(NetworkNamespace containerNamespace)
    {
        ContainerNamespace = containerNamespace;
        NetlinkSocket container = null!;
        var opening = containerNamespace.Start(() => container = OpenSocket());
        HostNamespace = NetworkNamespace.OpenOwn();
        Host = OpenSocket();
        opening.Join();
        Container = container;
    }

    public NetworkNamespace ContainerNamespace { get; }

    public NetlinkSocket Container { get; }

    public NetworkNamespace HostNamespace { get; }

    public NetlinkSocket Host { get; }

    /// <param name="path">CNI_NETNS.</param>
    /// <exception cref="HostException">It is no network namespace, or can't be worked in.</exception>
    public static BothEnds Open(string path) => new(NetworkNamespace.Open(path));

    public static NetlinkSocket OpenSocket() => NetlinkSocket.Open(NetlinkProtocol.Route);

    public void Dispose()
    {
        Container.Dispose();
        Host.Dispose();
        ContainerNamespace.Dispose();
        HostNamespace.Dispose();
    }
}
