using System.Diagnostics;
using System.Text.Json.Nodes;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>An IPAM plugin that doesn't end is ended, with all that it has started.</summary>
public class HangingIpamTests
{
    private const string Address = """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""";

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    [RootTheory("ip", "net-ptp")]
    [InlineData("sleep 600\n")]
    [InlineData("sleep 600 & echo $! > \"$here/pid\"; sleep 600\n")]
    [InlineData("trap '' TERM; sleep 600\n")]
    [InlineData("sleep 600 & exit 0\n")]
    [InlineData("exec >&-; sleep 600\n")]
    public void An_ADD_waits_for_it_as_long_as_the_configuration_says_then_everything_is_undone(string hangs)
    {
        using var host = new PtpHost();
        host.Configuration["ipamTimeout"] = 1;
        var ipam = new FakeIpam(host).Answers("ADD", Address).Does("ADD", hangs);
        var container = host.NewContainer();
        var before = host.State();
        var start = Stopwatch.GetTimestamp();

        var outcome = Bounded(host, "ADD", container);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal(11, outcome.Code);
        Assert.Contains("IPAM plugin fake-ipam did not end within 1 s and was killed in its ADD", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(before, host.State());
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
        if (File.Exists(Path.Combine(host.Folder, FakeIpam.Type, "pid")))
            Wait.Until(() => !IsRunning(File.ReadAllText(Path.Combine(host.Folder, FakeIpam.Type, "pid")).Trim()));
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("DEL")]
    [InlineData("CHECK")]
    [InlineData("STATUS")]
    [InlineData("GC")]
    public void So_does_every_other_verb(string verb)
    {
        using var host = new PtpHost();
        host.Configuration["cniVersion"] = "1.1.0";
        host.Configuration["ipamTimeout"] = 1;
        var ipam = new FakeIpam(host).Answers("ADD", Address).Does(verb, "sleep 600\n");
        var container = host.NewContainer();
        var added = host.Add(container).Must();
        host.Configuration["prevResult"] = JsonNode.Parse(added.Output);
        Assert.Contains($"did not end within 1 s and was killed in its {verb}", Bounded(host, verb, container).Message, StringComparison.Ordinal);
        if (verb == "DEL")
            Assert.Equal("", host.Namespace.Ip("-br link show type veth"));
        Assert.Equal(["ADD", verb], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("3601")]
    public void A_time_that_makes_no_sense_is_refused_by_ADD_and_is_no_obstacle_to_DEL(string seconds)
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", Address);
        host.Configuration["ipamTimeout"] = JsonNode.Parse(seconds);
        var refused = host.Add(host.NewContainer()).MustFail();
        Assert.Equal((7, $"ipamTimeout is {seconds}; it is how many seconds to wait for the IPAM plugin, 1 to 3600; without it, 60"), (refused.Code, refused.Message));
        host.Del(host.NewContainer()).Must();
    }

    private static CniOutcome Bounded(PtpHost host, string verb, TestNamespace container)
    {
        using var child = host.Start(host.Plugin, verb, container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString());
        using var alarm = new Timer(_ => Command.TryRun("kill", "-9", $"{child.Id}"), null, Enough, Timeout.InfiniteTimeSpan);
        return PtpHost.Outcome(child.WaitForExit()).MustFail();
    }

    private static bool IsRunning(string id) => File.Exists($"/proc/{id}/cmdline") && File.ReadAllText($"/proc/{id}/cmdline").Length > 0;
}
