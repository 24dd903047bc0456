namespace Net.Plugin.Netlink;

/// <summary>Everything in netlink starts at a multiple of four bytes (NLMSG_ALIGN, NLA_ALIGN).</summary>
internal static class Alignment
{
    public static int Align(int length) => (length + 3) & ~3;
}
