using System.Diagnostics;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Verbs;

/// <summary>What STATUS says of a store that takes requests and answers none.</summary>
public sealed class HangingStoreTests : WholeMachineTests
{
    /// <summary>Far less than a call of the store takes to give up.</summary>
    private const int Grace = 1;

    private static readonly NetworkConfig Network = new("hangs") { Ipam = $$""" "subnet": "10.66.0.0/24", "statusGraceSeconds": {{Grace}} """ };

    [StoreFact("redis")]
    public async Task STATUS_says_no_when_the_grace_is_over_and_yes_when_the_store_is_back()
    {
        using var redis = await RedisServer.StartNewAsync();
        using var site = new Site(store: $"redis://127.0.0.1:{redis.Port}/0");
        await using var ipamd = await Ipamd.StartAsync(site);
        site.Add(Network).EnsureSuccess();

        // What was read a moment ago no longer serves.
        await Task.Delay(TimeSpan.FromSeconds(0.3));
        redis.Signal("STOP");
        // Somebody asks the store: an idle node asks it every few seconds only.
        var waiting = Task.Run(() => site.Add(Network, "waits"));
        var start = Stopwatch.GetTimestamp();
        CniOutcome outcome;
        while ((outcome = site.CallForNetwork("STATUS", Network)).Succeeded)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(Grace + 12));
            await Task.Delay(TimeSpan.FromSeconds(0.2));
        }
        var first = Stopwatch.GetElapsedTime(start);
        Assert.Matches("^the store has been away for [0-9]+ s: it doesn't answer; check that it is up and not overloaded$", outcome.EnsureError(50).Message);
        // Three seconds after the grace, and what this machine takes to start a plugin while it is busy.
        Assert.InRange(first, TimeSpan.FromSeconds(Grace), TimeSpan.FromSeconds(Grace + 3 + 2));

        redis.Signal("CONT");
        Wait.Until(() => site.CallForNetwork("STATUS", Network).Succeeded, "the store to be back");
        await waiting;
    }
}
