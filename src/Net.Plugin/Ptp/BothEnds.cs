using Net.Plugin.Namespaces;
using Net.Plugin.Netlink;

namespace Net.Plugin.Ptp;

/// <summary>
/// The host's and the container's network namespace, with a netlink socket into each. The container's is opened inside and used from
/// outside, so that a thread has to go in only for what is a file there.
/// </summary>
internal sealed class BothEnds : IDisposable
{
    private BothEnds(NetworkNamespace containerNamespace, NetlinkSocket container, NetworkNamespace hostNamespace, NetlinkSocket host) =>
        (ContainerNamespace, Container, HostNamespace, Host) = (containerNamespace, container, hostNamespace, host);

    public NetworkNamespace ContainerNamespace { get; }

    public NetlinkSocket Container { get; }

    public NetworkNamespace HostNamespace { get; }

    public NetlinkSocket Host { get; }

    /// <summary>
    /// Begins to open them; what it returns ends it. The container's is opened on a thread of its own, which takes as long as all else
    /// that a call does before it looks for anything there.
    /// </summary>
    /// <param name="path">CNI_NETNS.</param>
    /// <exception cref="HostException">When it ends: the path is no network namespace, or can't be worked in.</exception>
    public static Func<BothEnds> Open(string path)
    {
        NetworkNamespace containerNamespace = null!;
        NetlinkSocket container = null!;
        var opening = NetworkNamespace.Start(path, inside => (containerNamespace, container) = (inside, OpenSocket()));
        return () =>
        {
            var (hostNamespace, host) = (NetworkNamespace.OpenOwn(), OpenSocket());
            opening.Join();
            return new BothEnds(containerNamespace, container, hostNamespace, host);
        };
    }

    public static NetlinkSocket OpenSocket() => NetlinkSocket.Open(NetlinkProtocol.Route);

    public void Dispose()
    {
        Container.Dispose();
        Host.Dispose();
        ContainerNamespace.Dispose();
        HostNamespace.Dispose();
    }
}
