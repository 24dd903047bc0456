using System.Diagnostics;
using System.Globalization;
using EndToEnd.Load.Churn;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Upgrades;

/// <summary>
/// Plugin and ipamd are upgraded and rolled back while containers come and go: no call fails, and in the end the answers are held against each other and against the store. How
/// long calls take that meet the gap is measured.
/// </summary>
internal sealed class UpgradeRun(UpgradeOptions options, Action<string> say)
{
    /// <summary>Runs it; throws if a call failed, or an answer was not true.</summary>
    public async Task RunAsync()
    {
        say(string.Create(CultureInfo.InvariantCulture, $"upgrades on {options.Store}, way {options.Way}: {options.Upgrades} upgrades and as many ways back, {options.AdditionsPerSecond} ADD/s from {options.Workers} workers, wait {options.Wait} s"));
        using var copy = new TempFolder();
        await using var server = await StoreServer.StartAsync(options.Store);
        using var site = new Site(store: server.Url());
        await using var installation = new Installation(site, options.Way, options.Before ?? Build.Published.CopyTo(copy.Path), Build.Published);
        await installation.BeginAsync();
        var workers = new PacedWorkers(options, site, installation.Plugin);

        var start = Stopwatch.GetTimestamp();
        var gaps = await ChangeUnderLoadAsync(installation, workers);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await WhenSpoolIsEmptyAsync(site);
        Tell(workers, gaps, elapsed);

        var containers = workers.Containers;
        var tenures = Tenures(containers);
        Overlap.EnsureNone(tenures);
        say($"{tenures.Count} tenures of {tenures.Select(static tenure => tenure.Address).Distinct().Count()} addresses: no two overlap");
        new Audit(containers, [site]).Run();
        say($"{containers.Count(static container => container.Knowledge == Knowledge.Held)} containers hold what they were answered, {containers.Count(static container => container.Knowledge == Knowledge.Released)} hold nothing any more");
        await workers.FinishAsync();
        await WhenSpoolIsEmptyAsync(site);
        EnsureAllSucceeded(workers.Calls);
        Assert.Empty(Ipamctl.Leases(site));
        say("after the last DEL nobody holds anything");
    }

    private async Task<List<Gap>> ChangeUnderLoadAsync(Installation installation, PacedWorkers workers)
    {
        var gaps = new List<Gap>();
        var working = workers.RunAsync();
        try
        {
            for (var change = 0; change < options.Changes && !working.IsCompleted; change++)
            {
                await workers.SeeAsync((change + 1.0) / (options.Changes + 1));
                gaps.Add(await (change % 2 == 0 ? installation.UpgradeAsync() : installation.GoBackAsync()));
            }
        }
        finally
        {
            if (gaps.Count == options.Changes)
                workers.MayEnd();
            else
                workers.Stop();
            await working;
        }
        return gaps;
    }

    private static Task WhenSpoolIsEmptyAsync(Site site) =>
        Wait.UntilAsync(() => site.IsSpoolEmpty, "that releases that were written down are carried out");

    private static List<Tenure> Tenures(IReadOnlyList<Container> containers)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var container in containers)
            container.EndTenure(now);
        return [.. containers.SelectMany(static container => container.Tenures)];
    }

    private void Tell(PacedWorkers workers, List<Gap> gaps, TimeSpan elapsed)
    {
        var calls = workers.Calls;
        say(string.Create(CultureInfo.InvariantCulture, $"{calls.Count} calls in {elapsed.TotalSeconds:0} s, {workers.Containers.Count / elapsed.TotalSeconds:0.0} ADD/s; {calls.Count(static call => !call.Succeeded)} failed"));
        say($"{gaps.Count} times without ipamd, for {Times([.. gaps.Select(static gap => gap.Length)])}");
        foreach (var verb in calls.GroupBy(static call => call.What[..call.What.IndexOf(' ', StringComparison.Ordinal)]).OrderBy(static verb => verb.Key))
        {
            say($"{verb.Key,-7}{verb.Count(),6} calls, {verb.Count(static call => !call.Succeeded)} failed");
            foreach (var some in verb.GroupBy(call => gaps.Exists(gap => gap.Meets(call)) ? "in a gap" : "elsewhere").OrderByDescending(static some => some.Key))
                say($"       {some.Count(),6} {some.Key}: {Times([.. some.Select(static call => call.Elapsed)])}");
        }
        EnsureAllSucceeded(calls);
    }

    private static void EnsureAllSucceeded(IReadOnlyList<CniOutcome> calls)
    {
        var failed = calls.Where(static call => !call.Succeeded).ToArray();
        Assert.True(failed.Length == 0, $"{failed.Length} of {calls.Count} calls failed:\n{string.Join('\n', failed.Take(10))}");
    }

    private static string Times(TimeSpan[] all)
    {
        Array.Sort(all);
        string At(double share) => all[(int)Math.Min(all.Length - 1, share * all.Length)].TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
        return $"{At(0.5)} ms at p50, {At(0.99)} ms at p99, {At(1)} ms at most";
    }
}
