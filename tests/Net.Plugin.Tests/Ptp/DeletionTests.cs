using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class DeletionTests
{
    [RootTheory("ip", "net-ptp", "host-local", "nft", "iptables", "ip6tables")]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Nothing_of_an_attachment_is_left_and_a_second_DEL_succeeds_too(string backend)
    {
        using var host = Masquerading(backend);
        var container = host.NewContainer();
        var before = host.State();
        host.Add(container).Must();
        Assert.NotEqual(before, host.State());
        host.Del(container).Must();
        Assert.Equal(before, host.State());
        Assert.Null(container.OpenRoute().FindLink("eth0"));
        host.Del(container).Must();
        Assert.Equal(before, host.State());
    }

    [RootTheory("ip", "net-ptp", "host-local", "nft", "iptables", "ip6tables")]
    [InlineData("nftables", "namespace")]
    [InlineData("nftables", "variable")]
    [InlineData("nftables", "link")]
    [InlineData("nftables", "host link")]
    [InlineData("nftables", "rules")]
    [InlineData("nftables", "lease")]
    [InlineData("nftables", "alias")]
    [InlineData("nftables", "ipMasq")]
    [InlineData("nftables", "path is a file")]
    [InlineData("iptables", "namespace")]
    [InlineData("iptables", "link")]
    [InlineData("iptables", "ipMasq")]
    [InlineData("iptables", "rules")]
    public void Whatever_is_lost_before_the_rest_is_removed(string backend, string lost)
    {
        using var host = Masquerading(backend);
        var container = host.NewContainer();
        var before = host.State();
        host.Add(container).Must();
        var veth = new AttachmentTag("mynet", container.Name, "eth0").HostLinkName;
        var netns = container.FilePath;
        switch (lost)
        {
            case "namespace":
                Command.Run("ip", "netns", "delete", container.Name);
                break;
            case "variable":
                netns = "";
                break;
            case "link":
                container.Ip("link delete eth0");
                break;
            case "host link":
                host.Namespace.Ip($"link delete {veth}");
                break;
            case "rules":
                host.Namespace.Run("nft", "flush", "ruleset");
                break;
            case "lease":
                Directory.Delete(Path.Combine(host.Folder, "leases"), recursive: true);
                break;
            case "alias":
                host.Namespace.Run("ip", "link", "set", veth, "alias", "");
                break;
            case "ipMasq":
                host.Configuration.Remove("ipMasq");
                host.Configuration["ipMasqBackend"] = backend == "nftables" ? "iptables" : "nftables";
                break;
            case "path is a file":
                netns = Path.Combine(host.Folder, "file");
                File.WriteAllText(netns, "");
                break;
        }
        host.Call(host.Plugin, "DEL", netns, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        Assert.Equal(before, host.State());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void A_namespace_that_lost_its_name_but_lives_on_loses_the_link_even_under_another_name()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var before = host.State();
        host.Add(container).Must();
        host.Namespace.Ip($"link set {new AttachmentTag("mynet", container.Name, "eth0").HostLinkName} down");
        host.Namespace.Ip($"link set {new AttachmentTag("mynet", container.Name, "eth0").HostLinkName} name other");
        Command.Run("ip", "netns", "delete", container.Name);
        host.Del(container).Must();
        Assert.Equal(before, host.State());
        Assert.Null(container.OpenRoute().FindLink("eth0"));
    }

    [RootTheory("ip", "net-ptp", "host-local")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"broken\"")]
    [InlineData("""{"cniVersion":"7.0.0","ips":3}""")]
    public void A_missing_or_broken_previous_result_is_not_needed(string prevResult)
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var before = host.State();
        host.Add(container).Must();
        host.Configuration["prevResult"] = JsonNode.Parse(prevResult);
        host.Del(container).Must();
        Assert.Equal(before, host.State());
    }

    [RootFact("ip", "net-ptp")]
    public void A_failing_IPAM_plugin_is_reported_after_everything_else_is_gone()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host)
            .Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""")
            .Fails("DEL", """{"code":11,"msg":"not now"}""");
        host.Configuration["ipMasq"] = true;
        var container = host.NewContainer();
        var before = host.State();
        host.Add(container).Must();
        var failed = host.Del(container).MustFail();
        Assert.Equal((11, "not now"), (failed.Code, failed.Message));
        Assert.Equal(before, host.State());
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void An_IPAM_plugin_that_is_gone_is_reported_after_everything_else_is_gone()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        host.Add(container).Must();
        host.PluginPath = host.Folder;
        Assert.Contains("failed to find plugin \"host-local\"", host.Del(container).MustFail().Message, StringComparison.Ordinal);
        Assert.Empty(host.Namespace.OpenRoute().ListVeths());
        host.PluginPath = "/usr/lib/cni";
        host.Del(container).Must();
        Assert.Empty(host.Leases());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void The_DEL_after_a_refused_ADD_does_not_take_away_what_another_network_made()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var first = host.Add(container).Must();
        var other = new OtherNetwork(host, "othernet", "10.77.0.0/24");
        Assert.Contains("already exists", other.Call("ADD", container).MustFail().Message, StringComparison.Ordinal);
        other.Call("DEL", container).Must();
        host.Check(container, first).Must();
        Assert.Equal(["10.1.2.2"], host.Leases());
    }

    [RootTheory("ip", "net-ptp", "host-local")]
    [InlineData("link add eth0 type veth peer name veth12345678 netns HOST")]
    [InlineData("link add eth0 type veth peer name peer")]
    public void The_DEL_after_a_refused_ADD_does_not_take_away_what_another_plugin_made(string made)
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        container.Ip(made.Replace("HOST", host.Namespace.Name, StringComparison.Ordinal));
        Assert.Contains("already exists", host.Add(container).MustFail().Message, StringComparison.Ordinal);
        host.Del(container).Must();
        Assert.NotNull(container.OpenRoute().FindLink("eth0"));
    }

    [RootFact("ip", "net-ptp", "ptp", "bridge", "host-local")]
    public void Nor_what_the_reference_plugins_made()
    {
        using var host = new PtpHost();
        foreach (var plugin in (string[])["ptp", "bridge"])
        {
            var container = host.NewContainer();
            var other = host.Configuration.DeepClone().AsObject();
            other["name"] = "othernet";
            host.Call($"/usr/lib/cni/{plugin}", "ADD", container.FilePath, "eth0", container.Name, other.ToJsonString()).Must();
            host.Add(container).MustFail();
            host.Del(container).Must();
            Assert.NotNull(container.OpenRoute().FindLink("eth0"));
        }
    }

    [RootFact("ip", "net-ptp", "ptp", "host-local")]
    public void What_the_previous_result_names_belongs_to_the_attachment_whoever_made_it()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var added = host.Call("/usr/lib/cni/ptp", "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        host.Configuration["prevResult"] = JsonNode.Parse(added.Output);
        host.Del(container).Must();
        Assert.Null(container.OpenRoute().FindLink("eth0"));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void An_attachment_that_had_to_take_its_second_name_is_found_without_its_alias()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        var name = new AttachmentTag("mynet", container.Name, "eth0").HostLinkName;
        host.Namespace.Ip($"link add {name} type ifb");
        var before = host.State();
        host.Add(container).Must();
        var veth = Assert.Single(host.Namespace.OpenRoute().ListVeths());
        Assert.NotEqual(name, veth.Name);
        host.Namespace.Run("ip", "link", "set", veth.Name, "alias", "");
        host.Del(container).Must();
        Assert.Equal(before, host.State());
        Assert.Null(container.OpenRoute().FindLink("eth0"));
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("/proc/self/ns/mnt")]
    [InlineData("/proc/self/ns/user")]
    [InlineData("/proc/self/status")]
    [InlineData("/etc/passwd")]
    [InlineData("/dev/null")]
    [InlineData("/")]
    public void A_path_at_which_something_else_is_by_now_is_no_obstacle_when_nothing_is_left(string path)
    {
        using var host = new PtpHost();
        _ = new FakeIpam(host);
        host.Call(host.Plugin, "DEL", path, "eth0", "gone", host.Configuration.ToJsonString()).Must();
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void An_interface_of_that_name_that_is_no_veth_is_left_alone()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        container.Run("ip", "link", "add", "eth0", "type", "ifb");
        host.Del(container).Must();
        Assert.NotNull(container.OpenRoute().FindLink("eth0"));
    }

    [RootFact("ip", "net-ptp", "ptp", "host-local", "iptables", "ip6tables")]
    public void What_the_reference_plugin_made_is_removed_rules_included()
    {
        using var host = Masquerading("iptables");
        var container = host.NewContainer();
        var before = host.State();
        host.Call("/usr/lib/cni/ptp", "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        container.Ip("link delete eth0");
        host.Del(container).Must();
        Assert.Equal(before, host.State());
    }

    private static PtpHost Masquerading(string backend)
    {
        var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = backend;
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        return host;
    }
}
