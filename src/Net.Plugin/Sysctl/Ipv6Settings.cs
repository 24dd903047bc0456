using Net.Plugin.Interop;

namespace Net.Plugin.Sysctl;

/// <summary>The IPv6 settings of single interfaces, in the calling thread's network namespace.</summary>
internal static class Ipv6Settings
{
    private const string Off = "0";
    private const string On = "1";
    private const string EvenIfForwarding = "2";

    /// <summary>
    /// Makes IPv6 addresses possible on the interface, and on the loopback, where an image or a runtime turned IPv6 off.
    /// Kernels without the setting have nothing to turn on: false, with the reason.
    /// </summary>
    /// <exception cref="SystemCallException">IPv6 is off and can't be turned on.</exception>
    public static bool TryEnable(string name, out Errno errno)
    {
        var setting = Setting(name, "disable_ipv6");
        var value = setting.TryRead(out errno);
        if (value is not (null or Off))
            setting.Ensure(Off);
        return value is not null;
    }

    /// <summary>Whether the kernel makes the interface's link-local address of its Ethernet address. False where it doesn't say.</summary>
    public static bool MakesLinkLocalFromMac(string name) => Setting(name, "addr_gen_mode").TryRead(out _) == Off;

    /// <summary>Keeps static IPv6 addresses when the interface goes down, as IPv4 addresses are kept.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void KeepAddressesWhenDown(string name) => Setting(name, "keep_addr_on_down").Ensure(On);

    /// <summary>Stops the interface from configuring itself by router advertisements. False where the kernel has no IPv6.</summary>
    public static bool TryIgnoreRouterAdvertisements(string name) => Setting(name, "accept_ra").TryWrite(Off) == Errno.None;

    /// <summary>
    /// Lets an interface that listens to router advertisements go on with it when the host forwards: by itself the kernel then stops listening,
    /// and drops the routes that it had from them (ip-sysctl, accept_ra).
    /// </summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void KeepRouterAdvertisements(string name)
    {
        var setting = Setting(name, "accept_ra");
        if (setting.TryRead(out _) == On)
            setting.Ensure(EvenIfForwarding);
    }

    private static SysctlFile Setting(string interfaceName, string setting) => new($"net/ipv6/conf/{interfaceName}/{setting}");
}
