using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class ReadinessTests
{
    [RootFact("ip", "net-ptp", "nft")]
    public void A_host_that_can_do_it_is_ready_and_is_not_changed()
    {
        using var host = NewHost(out var ipam);
        host.Configuration["ipMasq"] = true;
        Assert.Equal("", Status(host, host.Plugin).Must().Output);
        Assert.Equal(["STATUS"], ipam.Verbs);
        Assert.Equal("", host.Namespace.Run("nft", "list", "ruleset"));
        Assert.Equal("0", host.Namespace.Run("sysctl", "-n", "net.ipv4.ip_forward").Trim());
    }

    [RootFact("ip", "net-ptp")]
    public void What_the_IPAM_plugin_lacks_is_passed_on()
    {
        using var host = NewHost(out var ipam);
        ipam.Fails("STATUS", """{"code":51,"msg":"pool exhausted"}""");
        var failed = Status(host, host.Plugin).MustFail();
        Assert.Equal((51, "pool exhausted"), (failed.Code, failed.Message));
    }

    [RootFact("ip", "net-ptp", "unshare")]
    public void A_missing_iptables_is_reported_if_the_configuration_asks_for_it()
    {
        using var host = NewHost(out _);
        using var wrapper = new WrappedPlugin("mount -t tmpfs none /usr/sbin");
        host.Configuration["ipMasqBackend"] = "iptables";
        Status(host, wrapper.File).Must();
        host.Configuration["ipMasq"] = true;
        var failed = Status(host, wrapper.File).MustFail();
        Assert.Equal(50, failed.Code);
        Assert.Contains("iptables-save is not installed", failed.Message, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "unshare")]
    public void Sysctls_that_can_not_be_written_are_reported_unless_forwarding_is_on()
    {
        using var host = NewHost(out _);
        using var wrapper = WrappedPlugin.WithReadOnlySysctls();
        var failed = Status(host, wrapper.File).MustFail();
        Assert.Equal(50, failed.Code);
        Assert.Contains("cannot write to /proc/sys/net/ipv4/ip_forward: Read-only file system", failed.Message, StringComparison.Ordinal);
        host.Namespace.Run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        Status(host, wrapper.File).Must();
    }

    [RootFact("ip", "net-ptp", "setpriv")]
    public void Missing_rights_are_reported()
    {
        using var host = NewHost(out _);
        using var wrapper = new WrappedPlugin("true", "setpriv --inh-caps=-net_admin --bounding-set=-net_admin");
        var failed = Status(host, wrapper.File).MustFail();
        Assert.Equal(50, failed.Code);
        Assert.Contains("the plugin runs without CAP_NET_ADMIN", failed.Message, StringComparison.Ordinal);
    }

    private static PtpHost NewHost(out FakeIpam ipam)
    {
        var host = new PtpHost();
        host.Configuration["cniVersion"] = "1.1.0";
        ipam = new FakeIpam(host);
        return host;
    }

    private static CniOutcome Status(PtpHost host, string plugin) => host.Call(plugin, "STATUS", "", "", "", host.Configuration.ToJsonString());
}
