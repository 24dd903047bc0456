namespace Net.Plugin.Netlink;

/// <summary>Address families by the numbers of the Linux kernel (which .NET's AddressFamily doesn't use).</summary>
internal enum IpFamily : byte
{
    Any = 0,
    V4 = 2,
    V6 = 10,
}
