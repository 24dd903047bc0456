using System.Diagnostics;
using EndToEnd.Load.Churn;
using EndToEnd.Support;
using Xunit.Abstractions;

namespace EndToEnd.Load;

/// <summary>Whatever happens to the service, answers stay true.</summary>
public sealed class CrashTests(ITestOutputHelper output) : WholeMachineTests, IDisposable
{
    private const int Kills = 30;
    private const int Callers = 16;

    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Killed_at_30_random_instants_under_16_callers_it_keeps_every_answer_and_hands_out_no_address_twice()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var crowd = new Crowd(new NetworkConfig("crash") { Ipam = SmallRanges }, [_site], seed);
        var ipamd = await Ipamd.StartAsync(_site);
        var working = crowd.RunAsync(Callers);
        try
        {
            for (var kill = 0; kill < Kills && !working.IsCompleted; kill++)
            {
                await Task.Delay(random.Next(10, 300));
                await ipamd.KillAsync();
                await ipamd.DisposeAsync();
                ipamd = await Ipamd.StartAsync(_site);
                crowd.Audit();
            }
            crowd.Stop();
            await working;
            await ipamd.Log.WaitUntilAsync(() => Directory.GetFiles(_site.Spool, "*.json").Length == 0, "is carried out");
            crowd.Audit();
        }
        finally
        {
            crowd.Stop();
            await ipamd.DisposeAsync();
        }

        var tenures = crowd.Tenures();
        output.WriteLine($"{tenures.Count} tenures, {crowd.Unanswered} calls unanswered");
        Overlap.EnsureNone(tenures);
    }

    /// <summary>Little more than the crowd can hold, so that addresses go from hand to hand.</summary>
    private const string SmallRanges = """ "ranges": [[{ "subnet": "10.4.0.0/25", "rangeEnd": "10.4.0.90" }], [{ "subnet": "fd00:4::/121" }]] """;
}
