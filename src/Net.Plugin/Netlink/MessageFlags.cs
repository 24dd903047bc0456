namespace Net.Plugin.Netlink;

/// <summary>nlmsg_flags (netlink(7)). The bits from 0x100 on mean one thing in a query, another in a creation.</summary>
[Flags]
internal enum MessageFlags : ushort
{
    None = 0,
    Request = 0x1,
    Multi = 0x2,
    Ack = 0x4,
    DumpInterrupted = 0x10,

    Dump = 0x300,

    Replace = 0x100,
    Exclusive = 0x200,
    Create = 0x400,
    Append = 0x800,
}
