using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Sysctl;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Sysctl;

public class SysctlTests
{
    [RootFact("ip")]
    public void Forwarding_is_turned_on_in_the_namespace_of_the_thread_alone()
    {
        using var host = new TestNamespace();
        using var other = new TestNamespace();
        foreach (var family in new[] { IpFamily.V4, IpFamily.V6 })
        {
            Set(host, family == IpFamily.V4 ? "net.ipv4.ip_forward=0" : "net.ipv6.conf.all.forwarding=0");
            Set(other, family == IpFamily.V4 ? "net.ipv4.ip_forward=0" : "net.ipv6.conf.all.forwarding=0");
            host.Namespace.Run(() => { Forwarding.Enable(family); return 0; });
            Assert.True(host.Namespace.Run(() => Forwarding.IsEnabled(family)));
            Assert.False(other.Namespace.Run(() => Forwarding.IsEnabled(family)));
        }
    }

    [RootFact("ip")]
    public void IPv6_is_turned_on_where_it_was_off()
    {
        using var container = new TestNamespace();
        container.AddLink("eth0.100");
        Set(container, "net.ipv6.conf.eth0/100.disable_ipv6=1");
        Assert.True(container.Namespace.Run(() => Ipv6Settings.TryEnable("eth0.100", out _)));
        Assert.Equal("0", Get(container, "net.ipv6.conf.eth0/100.disable_ipv6"));
    }

    [RootFact("ip")]
    public void An_interface_s_settings_are_written()
    {
        using var container = new TestNamespace();
        container.AddLink("eth0");
        container.Namespace.Run(() =>
        {
            Ipv6Settings.KeepAddressesWhenDown("eth0");
            return Ipv6Settings.TryIgnoreRouterAdvertisements("eth0");
        });
        Assert.Equal("1", Get(container, "net.ipv6.conf.eth0.keep_addr_on_down"));
        Assert.Equal("0", Get(container, "net.ipv6.conf.eth0.accept_ra"));
    }

    [RootFact("ip")]
    public void A_setting_that_is_not_there_is_told_apart_from_one_that_is_wrong()
    {
        using var container = new TestNamespace();
        var (enabled, errno) = container.Namespace.Run(() => (Ipv6Settings.TryEnable("nothing", out var reason), reason));
        Assert.Equal((false, Errno.ENOENT), (enabled, errno));
        Assert.False(container.Namespace.Run(() => Ipv6Settings.TryIgnoreRouterAdvertisements("nothing")));
        var error = Assert.Throws<SystemCallException>(
            () => container.Namespace.Run(() => { Ipv6Settings.KeepAddressesWhenDown("nothing"); return 0; }));
        Assert.Equal("cannot write 1 to /proc/sys/net/ipv6/conf/nothing/keep_addr_on_down: No such file or directory (2)", error.Message);
    }

    [Fact]
    public void A_setting_that_holds_the_value_is_not_written()
    {
        var setting = new SysctlFile("kernel/ostype");
        setting.Ensure("Linux");
        Assert.Throws<SystemCallException>(() => setting.Ensure("GNU"));
    }

    private static void Set(TestNamespace where, string setting) => where.Run("sysctl", "-q", "-w", setting);

    private static string Get(TestNamespace where, string setting) => where.Run("sysctl", "-n", setting).Trim();
}
