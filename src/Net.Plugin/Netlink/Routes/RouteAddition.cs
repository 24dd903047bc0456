namespace Net.Plugin.Netlink.Routes;

/// <summary>Adds a route. The mode says what happens where there is one to the same destination already.</summary>
internal sealed record RouteAddition(Route Route, RouteAdditionMode Mode = RouteAdditionMode.Before) : INetlinkRequest
{
    public ushort Type => RouteMessageType.NewRoute;

    public MessageFlags Flags => MessageFlags.Create | Mode switch
    {
        RouteAdditionMode.After => MessageFlags.Append,
        RouteAdditionMode.Replace => MessageFlags.Replace,
        RouteAdditionMode.OnlyNew => MessageFlags.Exclusive,
        _ => MessageFlags.None,
    };

    public void Write(ref NetlinkWriter writer) => Route.Write(ref writer);

    public string Describe() => $"add route {Route} through interface number {Route.Index}";
}
