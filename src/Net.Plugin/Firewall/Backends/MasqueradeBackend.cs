namespace Net.Plugin.Firewall.Backends;

/// <summary>The names by which the configuration chooses how to masquerade.</summary>
internal static class MasqueradeBackend
{
    public const string Nftables = "nftables";
    public const string Iptables = "iptables";

    /// <summary>Whether the name is one of them, or absent.</summary>
    public static bool IsValid(string? name) => name is null or Nftables or Iptables;
}
