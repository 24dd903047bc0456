namespace Net.Plugin.Firewall.Nftables;

/// <summary>Attributes of nf_tables messages (linux/netfilter/nf_tables.h), by the message or expression that they belong to.</summary>
internal static class NftAttribute
{
    public const ushort TableName = 1;

    public const ushort ChainTable = 1;
    public const ushort ChainName = 3;
    public const ushort ChainHook = 4;
    public const ushort ChainType = 7;
    public const ushort HookNumber = 1;
    public const ushort HookPriority = 2;

    public const ushort RuleTable = 1;
    public const ushort RuleChain = 2;
    public const ushort RuleHandle = 3;
    public const ushort RuleExpressions = 4;
    public const ushort RuleUserData = 7;

    public const ushort ListElement = 1;
    public const ushort ExpressionName = 1;
    public const ushort ExpressionData = 2;

    public const ushort DataValue = 1;
    public const ushort DataVerdict = 2;
    public const ushort VerdictCode = 1;
    public const ushort VerdictChain = 2;

    public const ushort MetaRegister = 1;
    public const ushort MetaKey = 2;

    public const ushort CompareRegister = 1;
    public const ushort CompareOperation = 2;
    public const ushort CompareData = 3;

    public const ushort PayloadRegister = 1;
    public const ushort PayloadBase = 2;
    public const ushort PayloadOffset = 3;
    public const ushort PayloadLength = 4;

    public const ushort BitwiseSource = 1;
    public const ushort BitwiseTarget = 2;
    public const ushort BitwiseLength = 3;
    public const ushort BitwiseMask = 4;
    public const ushort BitwiseXor = 5;

    public const ushort ImmediateRegister = 1;
    public const ushort ImmediateData = 2;
}
