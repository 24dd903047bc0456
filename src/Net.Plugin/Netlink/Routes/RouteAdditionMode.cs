namespace Net.Plugin.Netlink.Routes;

/// <summary>What adding a route does where one to the same destination, table and metric exists. An equal route is always EEXIST.</summary>
internal enum RouteAdditionMode
{
    /// <summary>IPv4: the new one goes first. IPv6: gateways are used in parallel, on-link routes go last.</summary>
    Before,

    /// <summary>The new one goes last.</summary>
    After,

    /// <summary>The new one takes the place of the first.</summary>
    Replace,

    /// <summary>EEXIST.</summary>
    OnlyNew,
}
