namespace Net.Plugin.Firewall.Nftables;

/// <summary>Message types of nf_tables (linux/netfilter/nf_tables.h) and of nfnetlink's batches (linux/netfilter/nfnetlink.h).</summary>
internal static class NftMessageType
{
    public const ushort BatchBegin = 0x10;
    public const ushort BatchEnd = 0x11;
    public const ushort NewTable = Subsystem + 0;
    public const ushort NewChain = Subsystem + 3;
    public const ushort GetChain = Subsystem + 4;
    public const ushort NewRule = Subsystem + 6;
    public const ushort GetRule = Subsystem + 7;
    public const ushort DeleteRule = Subsystem + 8;

    // NFNL_SUBSYS_NFTABLES << 8
    private const ushort Subsystem = 10 << 8;
}
