using System.Diagnostics;
using EndToEnd.Support;
using Xunit.Abstractions;

namespace EndToEnd.MainPlugins;

/// <summary>net-ptp killed at any instant of an ADD, with ipamd behind it: what the runtime does next leaves nothing of either.</summary>
public sealed class KilledAdditionTests(ServiceFixture service, ITestOutputHelper output) : WholeMachineTests, IClassFixture<ServiceFixture>
{
    private const int Calls = 50;
    private const int KilledBySignal9 = 128 + 9;

    [RootTheory("bridge", "ptp", "ping")]
    [InlineData("false")]
    [InlineData("true")]
    public void The_DEL_afterwards_leaves_no_link_no_rule_and_no_lease(string masquerade)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var network = new NetworkConfig($"killed-{masquerade}")
        {
            Version = "1.0.0",
            Main = $"""
                "type": "net-ptp", "ipMasq": {masquerade}, "ipMasqBackend": "nftables"
                """,
            Ipam = """ "ranges": [[{ "subnet": "10.213.9.0/24" }], [{ "subnet": "fd13:7:9::/64" }]] """,
        };
        var containers = Enumerable.Range(0, Calls).Select(static _ => NetworkNamespace.Create()).ToList();
        try
        {
            var whole = Enumerable.Range(0, 5).Min(_ => AddAndDel(network, containers[0]));

            var killed = containers.Count(container => AddAndKill(network, container, whole * random.NextDouble()));
            output.WriteLine($"{killed} killed, {Ipamctl.Addresses(service.Site, network).Count} addresses held");
            Assert.InRange(killed, 1, Calls);

            foreach (var container in containers)
            {
                CniPlugin.Run(Plugin, Call("DEL", network, container)).EnsureSuccess();
                Assert.DoesNotContain("eth0", container.Run("ip", "link"), StringComparison.Ordinal);
            }
            Assert.Empty(Ipamctl.Addresses(service.Site, network));
            Assert.DoesNotContain($"net: {network.Name},", Command.Run("ip", "-d", "link"), StringComparison.Ordinal);
            Assert.DoesNotContain($"net: {network.Name},", Command.Run("nft", "list", "ruleset"), StringComparison.Ordinal);
        }
        finally
        {
            containers.ForEach(static container => container.Dispose());
        }
    }

    private static string Plugin => $"{Repository.PluginFolder}/net-ptp";

    private CniCall Call(string command, NetworkConfig network, NetworkNamespace container) => new(command)
    {
        ContainerId = Path.GetFileName(container.Path),
        NetNs = container.Path,
        Stdin = network.Json(service.Site),
    };

    /// <summary>Returns how long the ADD took.</summary>
    private TimeSpan AddAndDel(NetworkConfig network, NetworkNamespace container)
    {
        var added = CniPlugin.Run(Plugin, Call("ADD", network, container)).EnsureSuccess();
        CniPlugin.Run(Plugin, Call("DEL", network, container)).EnsureSuccess();
        return Stopwatch.GetElapsedTime(added.Began, added.Ended);
    }

    // True if it was killed before it had ended.
    private bool AddAndKill(NetworkConfig network, NetworkNamespace container, TimeSpan after) =>
        CniPlugin.RunAndKill(Plugin, Call("ADD", network, container), after) == KilledBySignal9;
}
