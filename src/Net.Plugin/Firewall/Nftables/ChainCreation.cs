using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>Makes a chain, with a hook or to be jumped to; one that exists, with the same hook, stays as it is.</summary>
internal sealed record ChainCreation(NftFamily Family, string Table, string Chain, ChainHook? Hook = null) : INetlinkRequest
{
    public ushort Type => NftMessageType.NewChain;

    public MessageFlags Flags => MessageFlags.Create;

    public void Write(ref NetlinkWriter writer)
    {
        writer.Structure(new NftHeader(Family));
        writer.Attribute(NftAttribute.ChainTable, Table);
        writer.Attribute(NftAttribute.ChainName, Chain);
        if (Hook is null)
            return;
        var hook = writer.BeginNested(NftAttribute.ChainHook);
        writer.AttributeBigEndian(NftAttribute.HookNumber, Hook.Number);
        writer.AttributeBigEndian(NftAttribute.HookPriority, (uint)Hook.Priority);
        writer.EndNested(hook);
        writer.Attribute(NftAttribute.ChainType, Hook.Type);
    }

    public string Describe() => $"make nftables chain {Table} {Chain}";
}
