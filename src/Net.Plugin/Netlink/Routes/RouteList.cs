namespace Net.Plugin.Netlink.Routes;

/// <summary>Asks for the routes through one interface, of all tables. Kernels that can't filter list all routes.</summary>
internal sealed record RouteList(IpFamily Family, int Index) : INetlinkRequest
{
    /// <summary>Only those that this made, whatever the interface.</summary>
    public RouteProtocol Protocol { get; init; }

    public ushort Type => RouteMessageType.GetRoute;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new RouteHeader { Family = Family, Protocol = Protocol });
        if (Index != 0)
            writer.Attribute(RouteAttribute.OutputInterface, (uint)Index);
    }

    public string Describe() => Index == 0 ? "list the routes" : $"list the routes through interface number {Index}";
}
