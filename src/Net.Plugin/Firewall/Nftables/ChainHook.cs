namespace Net.Plugin.Firewall.Nftables;

/// <summary>Where a base chain sees packets.</summary>
/// <param name="Type">Kind of chain, such as <c>nat</c>.</param>
/// <param name="Number">NF_INET_*.</param>
/// <param name="Priority">Lower sees them earlier.</param>
internal sealed record ChainHook(string Type, uint Number, int Priority)
{
    /// <summary>As <c>type nat hook postrouting priority srcnat</c>.</summary>
    public static readonly ChainHook SourceNat = new("nat", Number: 4, Priority: 100);
}
