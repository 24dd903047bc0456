using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// The first or the last message of a batch: what lies between them is done all at once or not at all (linux/netfilter/nfnetlink.h).
/// </summary>
internal sealed class BatchFrame(ushort type) : INetlinkRequest
{
    // NFNL_SUBSYS_NFTABLES: the batch is for nf_tables.
    private const ushort Subsystem = 10;

    public ushort Type => type;

    public MessageFlags Flags => MessageFlags.None;

    public bool WantsAnswer => false;

    /// <summary>Puts the requests between a first and a last message.</summary>
    public static INetlinkRequest[] Around(IEnumerable<INetlinkRequest> requests) =>
        [new BatchFrame(NftMessageType.BatchBegin), .. requests, new BatchFrame(NftMessageType.BatchEnd)];

    public void Write(ref NetlinkWriter writer) => writer.Structure(new NftHeader(NftFamily.Unspecified, Subsystem));

    public string Describe() => "change the nftables rules";
}
