using System.Diagnostics;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Bench.Collection;

/// <summary>A leader in a process of its own, whose passes follow each other without a pause while it is told to: it must not hold up the one that measures.</summary>
internal sealed class PassingLeader : IDisposable
{
    /// <summary>A leader that has just started compiles what it runs; it is to be measured as it is after a while.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private PassingLeader(Process process) => _process = process;

    /// <summary>Starts one that does nothing yet.</summary>
    public static PassingLeader Start(string store)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["gc", "pass", store]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return new PassingLeader(process);
    }

    /// <summary>Begins, or ends; returns when it has.</summary>
    public void Turn()
    {
        _process.StandardInput.WriteLine();
        if (_process.StandardOutput.ReadLine() is null)
            throw new InvalidOperationException("the leader has ended");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the process does: each line of its input begins the passes or ends them, and is answered with a line.</summary>
    public static async Task RunAsync(string url)
    {
        await using var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        var warm = new LeakCollector(store, Options(store), TimeProvider.System, new Random(1));
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            await PassAsync(warm);
        while (Console.In.ReadLine() is not null)
        {
            using var end = new CancellationTokenSource();
            var collector = new LeakCollector(store, Options(store), TimeProvider.System, new Random(1));
            await PassAsync(collector);
            var passing = Task.Run(async () =>
            {
                while (!end.IsCancellationRequested)
                    await PassAsync(collector);
            });
            Console.Out.WriteLine("begun");
            Console.In.ReadLine();
            await end.CancelAsync();
            await passing;
            Console.Out.WriteLine("ended");
        }
    }

    /// <summary>As ipamd's leader has them, but that a node counts as gone sooner where there is no cluster.</summary>
    public static CollectorOptions Options(IIpamStore store) =>
        new() { By = "bench", NodeGoneAfter = store.Cluster is null ? TimeSpan.FromMinutes(1) : null, Rest = CollectorOptions.UsualRest };

    /// <summary>A pass that may release.</summary>
    public static Task<CollectionReport> PassAsync(LeakCollector collector) => collector.PassAsync(static () => true, default);
}
