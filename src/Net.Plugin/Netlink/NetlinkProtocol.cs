namespace Net.Plugin.Netlink;

/// <summary>The netlink families spoken here, by the number that socket(2) wants.</summary>
internal enum NetlinkProtocol
{
    /// <summary>rtnetlink(7): links, addresses, routes.</summary>
    Route = 0,

    /// <summary>nfnetlink: nf_tables.</summary>
    Netfilter = 12,
}
