namespace Net.Plugin.Netlink.Routes;

/// <summary>Deletes the first route that is all that the given one says; ESRCH if there is none.</summary>
internal sealed record RouteRemoval(Route Route) : INetlinkRequest
{
    public ushort Type => RouteMessageType.DeleteRoute;

    public MessageFlags Flags => MessageFlags.None;

    public void Write(ref NetlinkWriter writer) => Route.Write(ref writer);

    public string Describe() => $"delete route {Route} through interface number {Route.Index}";
}
