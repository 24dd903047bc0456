using Net.Plugin.Interop;

namespace Net.Plugin.Netlink.Links;

/// <summary>
/// Makes a veth pair in one step: one end in the socket's namespace, the other in <paramref name="peerNamespace"/>. Fails with EEXIST, and
/// changes nothing, if either name is taken where it is to go. Both ends are down.
/// </summary>
internal sealed class VethCreation(VethEnd end, VethEnd peer, FileDescriptor peerNamespace) : INetlinkRequest
{
    public const string Kind = "veth";

    public ushort Type => RouteMessageType.NewLink;

    public MessageFlags Flags => MessageFlags.Create | MessageFlags.Exclusive;

    public void Write(ref NetlinkWriter writer)
    {
        end.Write(ref writer);
        var information = writer.BeginNested(LinkAttribute.Information);
        writer.Attribute(LinkAttribute.Kind, Kind);
        var data = writer.BeginNested(LinkAttribute.KindData);
        var peerPart = writer.BeginNested(LinkAttribute.VethPeer);
        peer.Write(ref writer);
        writer.Attribute(LinkAttribute.NamespaceFd, (uint)peerNamespace.Number);
        writer.EndNested(peerPart);
        writer.EndNested(data);
        writer.EndNested(information);
    }

    public string Describe() => $"make the veth pair {end.Name} and {peer.Name}";
}
