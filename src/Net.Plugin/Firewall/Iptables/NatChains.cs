using Net.Plugin.Firewall.Nftables;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Iptables;

/// <summary>
/// Whether iptables may have a chain, found out without starting it: today's iptables keeps its chains in nf_tables, which is asked over
/// netlink; the older one is in use where its nat table exists.
/// </summary>
internal sealed class NatChains(Lazy<NetlinkSocket> netfilter)
{
    private const string Nat = "nat";

    public bool MayHave(IpFamily family, string chain) => IsInNftables(family, chain) || OldTableExists(family);

    /// <summary>Whether there may be any chain at all.</summary>
    public bool MayHaveAny(IpFamily family) => MayHave(family, "POSTROUTING");

    private bool IsInNftables(IpFamily family, string chain)
    {
        try
        {
            var query = new ChainQuery(family == IpFamily.V4 ? NftFamily.V4 : NftFamily.V6, Nat, chain);
            return netfilter.Value.TryExecute(query)[0].Errno == Errno.None;
        }
        catch (NetlinkException)
        {
            // No nf_tables in this kernel.
            return false;
        }
    }

    // The file lists the tables of the namespace of the thread that reads it, and only exists once the older iptables was used.
    private static bool OldTableExists(IpFamily family)
    {
        using var file = SystemFile.OpenToRead($"/proc/thread-self/net/{(family == IpFamily.V4 ? "ip" : "ip6")}_tables_names", out var errno);
        if (errno != Errno.None)
            return false;
        Span<byte> buffer = stackalloc byte[256];
        ReadOnlySpan<byte> names = buffer[..Math.Max(SystemFile.Read(file, buffer, out _), 0)];
        foreach (var line in names.Split((byte)'\n'))
        {
            if (names[line].SequenceEqual("nat"u8))
                return true;
        }
        return false;
    }
}
