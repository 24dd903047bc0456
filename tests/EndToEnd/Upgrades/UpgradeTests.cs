using EndToEnd.Support;
using Xunit.Abstractions;

namespace EndToEnd.Upgrades;

/// <summary>Plugin and ipamd are upgraded and rolled back under load: no call fails. 'make upgrades' does it for longer, and as a pod, too.</summary>
public sealed class UpgradeTests(ITestOutputHelper output) : WholeMachineTests
{
    [RootFact("systemd-socket-activate", "bash")]
    public Task No_call_fails_while_it_is_upgraded_with_a_socket_that_systemd_keeps() => RunAsync(UpgradeWay.Socket);

    [Fact]
    public Task No_call_fails_while_it_is_upgraded_with_a_socket_of_its_own() => RunAsync(UpgradeWay.Restart);

    // So few workers that little time goes by, and so long a wait that a machine with much else to do passes, too.
    private Task RunAsync(UpgradeWay way) => new UpgradeRun(new UpgradeOptions("sqlite", way, 60) { Upgrades = 1, Workers = 8, Wait = 15 }, output.WriteLine).RunAsync();
}
