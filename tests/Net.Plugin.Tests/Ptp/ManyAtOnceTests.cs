using Net.Plugin.Netlink.Links;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class ManyAtOnceTests
{
    private const int Many = 100;
    private const int Killed = 50;

    [RootFact("ip", "net-ptp", "host-local", "nft")]
    public void A_hundred_ADDs_at_once_all_get_their_own_and_a_hundred_DELs_leave_nothing()
    {
        using var host = NewHost();
        var containers = Containers(host, Many);
        var before = host.State();
        AtOnce.Run(Many, i => host.Add(containers[i]).Must());

        Assert.Equal(Many, host.Namespace.OpenRoute().ListVeths().Count);
        Assert.Equal(2 * Many, host.Leases().Length);
        Assert.Equal(2 * Many, host.MasqueradeRules().Split('\n').Length);
        Assert.All(containers, container => Assert.NotNull(container.OpenRoute().FindLink("eth0")));

        AtOnce.Run(Many, i => host.Del(containers[i]).Must());
        Assert.Equal(before, host.State());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void Of_many_ADDs_of_one_attachment_exactly_one_gets_through_and_keeps_its_lease()
    {
        using var host = NewHost();
        var before = host.State();
        for (var round = 0; round < 5; round++)
        {
            var container = host.NewContainer();
            var outcomes = new CniOutcome[10];
            AtOnce.Run(outcomes.Length, i => outcomes[i] = host.Add(container));
            var winner = Assert.Single(outcomes, outcome => outcome.Succeeded);
            Assert.Equal(2, host.Leases().Length);
            host.Check(container, winner).Must();
            host.Del(container).Must();
            Assert.Equal(before, host.State());
        }
    }

    [RootFact("ip", "net-ptp", "host-local", "nft")]
    public void However_many_ADDs_are_killed_and_wherever_the_DEL_afterwards_leaves_nothing()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        using var host = NewHost();
        var containers = Containers(host, Killed);
        var before = host.State();
        var longest = Measure(() => host.Add(containers[0]).Must());
        var killed = 0;
        for (var i = 1; i < Killed; i++)
            killed += AddAndKill(host, containers[i], longest * random.NextDouble()) ? 1 : 0;
        Assert.InRange(killed, 1, Killed);

        foreach (var container in containers)
        {
            host.Del(container).Must();
            Assert.Null(container.OpenRoute().FindLink("eth0"));
        }
        Assert.Equal(before, host.State());
    }

    [RootTheory("ip", "net-ptp", "nft")]
    [InlineData("ADD", 1)]
    [InlineData("ADD", 0)]
    public void An_ADD_killed_while_IPAM_works_leaves_nothing_after_the_DEL(string verb, int afterMilliseconds)
    {
        using var host = NewHost();
        var ipam = new FakeIpam(host)
            .Answers("ADD", """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""")
            .Does(verb, $"sleep 0.00{afterMilliseconds}; kill -9 $PPID\n");
        var container = host.NewContainer();
        var before = host.State();
        Assert.Equal(137, host.Add(container).ExitCode);
        host.Del(container).Must();
        Assert.Equal(before, host.State());
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootFact("ip", "net-ptp")]
    public void What_the_IPAM_plugin_of_a_killed_ADD_takes_late_is_given_back_by_the_DEL()
    {
        using var host = NewHost();
        var lease = Path.Combine(host.Folder, "lease");
        _ = new FakeIpam(host)
            .Does("ADD", $"kill -9 $PPID; sleep 0.3; touch {lease}\n")
            .Does("DEL", $"rm {lease} || exit 1\n");
        var container = host.NewContainer();
        Assert.Equal(137, host.Add(container).ExitCode);
        host.Del(container).Must();
        Assert.False(File.Exists(lease));
    }

    private static PtpHost NewHost()
    {
        var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipam"] = host.HostLocal("10.1.0.0/16", "2001:db8::/64");
        return host;
    }

    private static TestNamespace[] Containers(PtpHost host, int count) => [.. Enumerable.Range(0, count).Select(_ => host.NewContainer())];

    private static TimeSpan Measure(Action work)
    {
        var start = TimeProvider.System.GetTimestamp();
        work();
        return TimeProvider.System.GetElapsedTime(start);
    }

    // True if it was killed before it had ended.
    private static bool AddAndKill(PtpHost host, TestNamespace container, TimeSpan after)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var child = host.Start(host.Plugin, "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString());
        while (TimeProvider.System.GetElapsedTime(start) < after)
            Thread.SpinWait(100);
        Command.TryRun("kill", "-9", $"{child.Id}");
        return child.WaitForExit().ExitCode == 128 + 9;
    }
}
