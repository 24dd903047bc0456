using System.Text.Json.Nodes;
using Net.Plugin.Attachments;
using Net.Plugin.Interop;
using Net.Plugin.Tests.Support;
using static Net.Plugin.Tests.Support.World;

namespace Net.Plugin.Tests.Ptp;

/// <summary>The rules of running containers come back after a firewall was loaded anew.</summary>
public class MasqueradeRepairTests
{
    // What loads the firewall anew, and which verb brings the rules back.
    [RootTheory("ip", "net-ptp", "nft", "iptables", "ip6tables")]
    [InlineData("nftables", "nft flush ruleset", "STATUS")]
    [InlineData("nftables", "nft flush ruleset", "CHECK")]
    [InlineData("nftables", "nft flush ruleset", "ADD")]
    [InlineData(null, "nft flush chain inet cni_plugins_masquerade postrouting", "STATUS")]
    [InlineData("iptables", "iptables -t nat -F;ip6tables -t nat -F", "STATUS")]
    [InlineData("iptables", "iptables -t nat -F;iptables -t nat -X", "CHECK")]
    [InlineData("iptables", "nft flush ruleset", "ADD")]
    public void What_a_reload_took_away_is_there_again(string? backend, string reload, string verb)
    {
        using var host = NewHost(backend);
        using var world = NewWorld(host);
        var (first, second) = (host.NewContainer(), host.NewContainer());
        var results = (First: host.Add(first).Must(), Second: host.Add(second).Must());
        var rules = Rules(host);
        Assert.Equal($"{V4}.1", Traffic.SourceSeen(first, world, $"{V4}.2"));

        foreach (var command in reload.Split(';'))
            host.Namespace.Run(command.Split(' ')[0], command.Split(' ')[1..]);
        Assert.Equal("10.1.2.2", Traffic.SourceSeen(first, world, $"{V4}.2"));
        Repair(host, verb, first, results.First);
        if (verb == "CHECK")
            host.Check(second, results.Second).Must();

        Assert.Equal($"{V4}.1", Traffic.SourceSeen(first, world, $"{V4}.2"));
        Assert.Equal($"{V4}.1", Traffic.SourceSeen(second, world, $"{V4}.2"));
        Assert.Equal($"{V6}:1", Traffic.SourceSeen(second, world, $"{V6}:2"));
        Assert.Equal("2001:db8::2", Traffic.SourceSeen(first, world, $"{V6}:3"));
        Assert.Equal(rules, Rules(host));
        host.Check(first, results.First).Must();
        host.Del(first).Must();
        Assert.DoesNotContain(Rules(host), rule => rule.Contains(TagOf(first).Key, StringComparison.Ordinal));
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void Only_addresses_that_the_host_gave_count_and_only_those_of_the_network()
    {
        using var host = NewHost("nftables");
        host.Configuration["ipMasq"] = "ipv4";
        var (container, other) = (host.NewContainer(), host.NewContainer());
        host.Add(container).Must();
        var configuration = host.Configuration.DeepClone();
        configuration["name"] = "othernet";
        host.Call("ADD", other, configuration: configuration.ToJsonString()).Must();
        container.Ip("addr add 10.9.9.9/24 dev eth0");
        var expected = Rules(host).Where(rule => rule.Contains(TagOf(container).Key, StringComparison.Ordinal)).ToList();
        Assert.Single(expected);

        host.Namespace.Run("nft", "flush", "ruleset");
        Status(host).Must();
        Assert.Equal(expected, Rules(host));
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void An_attachment_that_another_call_works_on_is_left_to_that_call()
    {
        using var host = NewHost("nftables");
        var (busy, idle) = (host.NewContainer(), host.NewContainer());
        host.Add(busy).Must();
        host.Add(idle).Must();
        host.Namespace.Run("nft", "flush", "ruleset");
        using (LockFile.TryTake("/run/net-ptp", TagOf(busy).Key)!)
            Status(host).Must();
        Assert.Equal(2, Rules(host).Count(rule => rule.Contains(TagOf(idle).Key, StringComparison.Ordinal)));
        Assert.DoesNotContain(Rules(host), rule => rule.Contains(TagOf(busy).Key, StringComparison.Ordinal));
    }

    [RootFact("ip", "net-ptp", "nft", "iptables")]
    public void STATUS_says_so_if_the_rules_can_not_be_put_back()
    {
        using var host = NewHost("iptables");
        host.Add(host.NewContainer()).Must();
        Status(host).Must();
        host.Namespace.Run("nft", "flush", "ruleset");
        var program = Path.Combine(host.Folder, "iptables-restore");
        File.WriteAllText(program, "#!/bin/sh\necho no room >&2\nexit 3\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        host.Environment[0] = $"PATH={host.Folder}:/usr/sbin:/usr/bin:/sbin:/bin";

        var failed = Status(host).MustFail();
        Assert.Equal(51, failed.Code);
        Assert.StartsWith("masquerade rules that are gone can't be put back: iptables-restore ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("no room", failed.Message, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp", "nft")]
    public void CHECK_names_what_can_not_be_put_back()
    {
        using var host = NewHost(backend: null);
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        host.Namespace.Run("nft", "flush", "ruleset");
        host.Namespace.Run("ip", "link", "set", TagOf(container).HostLinkName, "alias", "somebody's");
        Assert.StartsWith("check failed: masquerading is not in place: ", host.Check(container, added).MustFail().Message, StringComparison.Ordinal);
    }

    private static PtpHost NewHost(string? backend)
    {
        var host = new PtpHost();
        // The first one gets 2, the next one 3.
        new FakeIpam(host).Does("ADD", """
            echo >> "$here/count"
            id=$(($(wc -l < "$here/count") + 1))
            echo "{\"cniVersion\":\"1.1.0\",\"ips\":[{\"address\":\"10.1.2.$id/24\",\"gateway\":\"10.1.2.1\"},{\"address\":\"2001:db8::$id/64\",\"gateway\":\"2001:db8::1\"}],"
            echo '"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}'
            """);
        host.Configuration["cniVersion"] = "1.1.0";
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipMasqBackend"] = backend;
        host.Configuration["nonMasqCidrs"] = new JsonArray($"{V6}:3/128");
        return host;
    }

    // It answers containers that come with their own addresses too.
    private static TestNamespace NewWorld(PtpHost host)
    {
        var world = new TestNamespace();
        Connect(host.Namespace, world);
        world.Ip($"addr add {V6}:3/64 dev eth0 nodad");
        world.Ip($"route add 10.1.2.0/24 via {V4}.1");
        world.Ip($"route add 2001:db8::/64 via {V6}:1");
        return world;
    }

    private static void Repair(PtpHost host, string verb, TestNamespace container, CniOutcome added)
    {
        if (verb == "STATUS")
        {
            Status(host).Must();
        }
        else if (verb == "CHECK")
        {
            host.Check(container, added).Must();
        }
        else
        {
            var another = host.NewContainer();
            host.Add(another).Must();
            host.Del(another).Must();
        }
    }

    private static CniOutcome Status(PtpHost host) => host.Call(host.Plugin, "STATUS", "", "", "", host.Configuration.ToJsonString());

    private static AttachmentTag TagOf(TestNamespace container) => new("mynet", container.Name, "eth0");

    private static List<string> Rules(PtpHost host) =>
        [.. host.MasqueradeRules().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(rule => Counters(rule.Trim())).Order(StringComparer.Ordinal)];

    private static string Counters(string rule) => System.Text.RegularExpressions.Regex.Replace(rule, "counter packets [0-9]+ bytes [0-9]+", "counter");
}
