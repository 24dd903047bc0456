namespace Net.Plugin.Firewall.Nftables;

/// <summary>Families of tables (NFPROTO_*).</summary>
internal enum NftFamily : byte
{
    Unspecified = 0,

    /// <summary>IPv4 and IPv6 in one table.</summary>
    Inet = 1,
    V4 = 2,
    V6 = 10,
}
