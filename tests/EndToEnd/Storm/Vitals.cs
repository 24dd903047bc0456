using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Storm;

/// <summary>What an ipamd that nothing happens to takes, as time goes by: it must not grow.</summary>
/// <param name="node">The node that it is of.</param>
/// <param name="period">How often it is looked at.</param>
/// <param name="say">Gets a line each time.</param>
internal sealed class Vitals(Node node, TimeSpan period, Action<string> say)
{
    /// <summary>How many looks are held against as many others, as the load is never quite the same.</summary>
    private const int Compared = 3;

    /// <summary>Some times as many as there are callers: those that gave up are counted until the loop sees it.</summary>
    private const int MostWaiting = 256;

    private readonly List<Look> _looks = [];

    public async Task RunAsync(CancellationToken stop)
    {
        using var process = Process.GetProcessById(node.ProcessId);
        var (calls, cpu) = (await node.CallsAsync(), process.TotalProcessorTime);
        while (true)
        {
            await Task.Delay(period, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            process.Refresh();
            var (callsNow, cpuNow) = (await node.CallsAsync(), process.TotalProcessorTime);
            var files = Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length;
            var look = new Look(process.WorkingSet64 / 1024.0 / 1024, (cpuNow - cpu).TotalMicroseconds / Math.Max(1, callsNow - calls), process.Threads.Count, files)
            {
                Waiting = await node.MetricAsync("ipamsuite_requests_waiting"),
                Cooldowns = await node.MetricAsync("ipamsuite_cooldowns_waiting"),
            };
            _looks.Add(look);
            say(string.Create(CultureInfo.InvariantCulture,
                $"{_looks.Count * period.TotalSeconds,5:0} s: {node.Name}'s ipamd {look.MiB:0} MiB, {look.CpuOfCall:0} us CPU per call of {callsNow - calls}, {look.Threads} threads, {look.Files} files, {look.Waiting} requests and {look.Cooldowns} cooldowns wait"));
            (calls, cpu) = (callsNow, cpuNow);
        }
    }

    /// <summary>Fails if the last looks show more than the ones around the first of the wanted number did.</summary>
    /// <param name="from">The look from which on it must not grow, such as the tenth.</param>
    /// <param name="most">How much more it may be, such as 1.1.</param>
    public void EnsureFlat(int from, double most)
    {
        if (_looks.Count < from + Compared)
            return;
        var (first, last) = (_looks.Skip(from - 1).Take(Compared).ToArray(), _looks.TakeLast(Compared).ToArray());
        Ensure("MiB", static look => look.MiB);
        Ensure("us CPU per call", static look => look.CpuOfCall);
        Ensure("threads", static look => look.Threads);
        Ensure("files", static look => look.Files);
        Ensure("cooldowns that wait", static look => look.Cooldowns);
        Assert.All(_looks, look => Assert.InRange(look.Waiting, 0, MostWaiting));

        void Ensure(string unit, Func<Look, double> of)
        {
            var (before, after) = (first.Average(of), last.Average(of));
            Assert.True(after <= before * most, string.Create(CultureInfo.InvariantCulture, $"{node.Name}'s ipamd has come from {before:0.#} to {after:0.#} {unit}"));
        }
    }

    private sealed record Look(double MiB, double CpuOfCall, int Threads, int Files)
    {
        public required double Waiting { get; init; }

        public required double Cooldowns { get; init; }
    }
}
