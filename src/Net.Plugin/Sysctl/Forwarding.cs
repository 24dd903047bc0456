using Net.Plugin.Interop;
using Net.Plugin.Netlink;

namespace Net.Plugin.Sysctl;

/// <summary>The host's switch for passing packets on between interfaces, one per address family. Never turned off again: others rely on it.</summary>
internal static class Forwarding
{
    private const string On = "1";

    /// <exception cref="SystemCallException">It is off and can't be turned on.</exception>
    public static void Enable(IpFamily family) => Switch(family).Ensure(On);

    public static bool IsEnabled(IpFamily family) => Switch(family).TryRead(out _) == On;

    /// <summary>Why it can't be enabled, without trying; null if it is enabled, or can be.</summary>
    public static string? WhyImpossible(IpFamily family) => IsEnabled(family) ? null : Switch(family).WhyReadOnly();

    private static SysctlFile Switch(IpFamily family) =>
        new(family == IpFamily.V4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding");
}
