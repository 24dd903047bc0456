using System.Collections.Concurrent;
using System.Diagnostics;
using EndToEnd.Load.Churn;
using EndToEnd.Support;

namespace EndToEnd.Upgrades;

/// <summary>Workers that add containers at an even pace, each of which is deleted a few later, while another one asks for STATUS; through an installed plugin.</summary>
internal sealed class PacedWorkers(UpgradeOptions options, Site site, string plugin)
{
    private static readonly TimeSpan BetweenStatus = TimeSpan.FromMilliseconds(200);

    /// <summary>Small enough that addresses go from hand to hand.</summary>
    private readonly NetworkConfig _network = new("upgrades")
    {
        Ipam = """ "ranges": [[{ "subnet": "10.65.0.0/22" }], [{ "subnet": "fd00:65::/118" }]] """,
        Wait = options.Wait,
    };

    private readonly ConcurrentQueue<Container> _containers = new();
    private readonly ConcurrentQueue<CniOutcome> _calls = new();
    private int _begun = -1;
    private int _added;
    private volatile bool _mayEnd;
    private volatile bool _isOver;

    /// <summary>All that were added.</summary>
    public IReadOnlyList<Container> Containers => [.. _containers];

    /// <summary>All calls that were made.</summary>
    public IReadOnlyList<CniOutcome> Calls => [.. _calls];

    /// <summary>Goes on until all additions are made, and <see cref="MayEnd"/> was called; or until <see cref="Stop"/>, or one can't make a call.</summary>
    public async Task RunAsync()
    {
        var status = Workers.RunAsync(1, _ => AskForStatus());
        try
        {
            var start = Stopwatch.GetTimestamp();
            await Workers.RunAsync(options.Workers, _ => Work(start));
        }
        finally
        {
            _isOver = true;
            await status;
        }
    }

    /// <summary>Returns when a part of the additions is made, or somebody has failed.</summary>
    public async Task SeeAsync(double part)
    {
        while (Volatile.Read(ref _added) < part * options.Additions && !_isOver)
            await Task.Delay(20);
    }

    /// <summary>From now on it may end.</summary>
    public void MayEnd() => _mayEnd = true;

    /// <summary>It ends now.</summary>
    public void Stop() => _isOver = true;

    /// <summary>Deletes what is left, when nobody works any more.</summary>
    public Task FinishAsync() =>
        Workers.ForEachAsync(options.Workers, [.. _containers.Where(static container => container.Knowledge != Knowledge.Released)], Delete);

    private void Work(long start)
    {
        try
        {
            var held = new Queue<Container>();
            for (var number = Interlocked.Increment(ref _begun); !_isOver && (number < options.Additions || !_mayEnd); number = Interlocked.Increment(ref _begun))
            {
                var due = TimeSpan.FromSeconds((double)number / options.AdditionsPerSecond) - Stopwatch.GetElapsedTime(start);
                if (due > TimeSpan.Zero)
                    Thread.Sleep(due);
                held.Enqueue(Add($"c{number}"));
                if (held.Count > options.HeldByEach)
                    Delete(held.Dequeue());
            }
        }
        catch
        {
            _isOver = true;
            throw;
        }
    }

    private Container Add(string id)
    {
        var container = new Container(id, _network);
        _containers.Enqueue(container);
        var outcome = Call(new CniCall("ADD") { ContainerId = id });
        container.Added(outcome.Succeeded ? outcome : null);
        Interlocked.Increment(ref _added);
        return container;
    }

    private void Delete(Container container)
    {
        container.Deleting();
        var outcome = Call(new CniCall("DEL") { ContainerId = container.Id });
        if (outcome.Succeeded)
            container.Deleted(outcome);
    }

    private void AskForStatus()
    {
        while (!_isOver)
        {
            Call(new CniCall("STATUS") { ContainerId = "", NetNs = "", IfName = "", Args = "" });
            Thread.Sleep(BetweenStatus);
        }
    }

    private CniOutcome Call(CniCall call)
    {
        var outcome = CniPlugin.Run(plugin, call with { Stdin = _network.Json(site) });
        _calls.Enqueue(outcome);
        return outcome;
    }
}
