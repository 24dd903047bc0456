using System.Collections.Concurrent;
using EndToEnd.Support.Stores;

namespace EndToEnd.Storm;

/// <summary>Lets something happen to one of the nodes every few seconds, and to the store every minute if it is to lose its data.</summary>
internal sealed class FaultInjector(IReadOnlyList<Node> nodes, StoreServer? store, Books books, Random random)
{
    /// <summary>Longer than all nodes take to mend a loss, one that stands still meanwhile included.</summary>
    private static readonly TimeSpan BetweenLosses = TimeSpan.FromSeconds(45);

    /// <summary>How old what the store is set back to is.</summary>
    private static readonly TimeSpan AgeOfCopies = TimeSpan.FromSeconds(3);

    private const int MostDaysOff = 365;

    private const int MostAtOnce = 3;

    /// <summary>Longer than ipamd waits for one call of the store, which is the longest of its time-outs here.</summary>
    private static readonly TimeSpan LongerThanTimeouts = TimeSpan.FromSeconds(12);

    /// <summary>Longer than it takes until a DEL that isn't answered is written down by the plugin, and its container is added anew.</summary>
    private static readonly TimeSpan LongerThanADel = TimeSpan.FromSeconds(20);

    private static readonly FaultKind[] OfEveryNode = [FaultKind.Kill, FaultKind.Stop];
    private static readonly FaultKind[] OfNetworks = [FaultKind.Cut, FaultKind.Hang, FaultKind.LoseAnswers];

    private readonly ConcurrentDictionary<Node, Task> _underWay = new();

    /// <summary>Goes on until <paramref name="isOver"/> or <paramref name="stop"/>, and returns when all is well again.</summary>
    public async Task RunAsync(Func<bool> isOver, CancellationToken stop)
    {
        var losing = store is null ? Task.CompletedTask : LoseAsync(store, isOver, stop);
        try
        {
            while (!isOver())
            {
                await Task.Delay(random.Next(1000, 3000), stop);
                foreach (var (node, _) in _underWay.Where(static fault => fault.Value.IsCompletedSuccessfully))
                    _underWay.TryRemove(node, out _);
                if (_underWay.Values.FirstOrDefault(static fault => fault.IsFaulted) is { } failed)
                    await failed;
                var well = nodes.Where(node => !_underWay.ContainsKey(node)).ToList();
                if (_underWay.Count < MostAtOnce)
                    Start(well[random.Next(well.Count)]);
            }
        }
        catch (OperationCanceledException)
        {
            // A worker got a wrong answer, which ends the storm.
        }
        finally
        {
            await Task.WhenAll([losing, .. _underWay.Values]);
        }
    }

    private async Task LoseAsync(StoreServer losing, Func<bool> isOver, CancellationToken stop)
    {
        try
        {
            for (var emptied = false; !isOver(); emptied = !emptied)
            {
                await Task.Delay(BetweenLosses / 2, stop);
                if (emptied)
                {
                    books.Count(FaultKind.Empty);
                    await losing.EmptyAsync();
                }
                else
                {
                    await losing.SaveAsync();
                    await Task.Delay(AgeOfCopies, stop);
                    books.Count(FaultKind.SetBack);
                    await losing.RestoreAsync();
                }
                await Task.Delay(BetweenLosses / 2, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }

    private void Start(Node node)
    {
        FaultKind[] kinds = [.. OfEveryNode, .. node.Network is null ? [] : OfNetworks, .. node.Clock is null ? (FaultKind[])[] : [FaultKind.Clock]];
        var kind = kinds[random.Next(kinds.Length)];
        books.Count(kind);
        _underWay[node] = StrikeAsync(node, kind, TimeSpan.FromMilliseconds(random.Next(300, 3000)));
    }

    private async Task StrikeAsync(Node node, FaultKind kind, TimeSpan aWhile)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                await books.ReadMetricsAsync(node);
                await node.RestartAsync();
                break;
            case FaultKind.Stop:
                node.Signal("STOP");
                await Task.Delay(LongerThanADel);
                node.Signal("CONT");
                break;
            case FaultKind.Clock:
                node.Clock!.Set(random.Next(-MostDaysOff, MostDaysOff + 1));
                break;
            case FaultKind.Cut:
                node.Network!.Mode = FaultMode.Refuse;
                node.Network.Cut();
                await Task.Delay(aWhile);
                node.Network.Mode = FaultMode.Pass;
                break;
            case FaultKind.Hang:
                node.Network!.Mode = FaultMode.Hang;
                await Task.Delay(LongerThanTimeouts);
                node.Network.Mode = FaultMode.Pass;
                break;
            case FaultKind.LoseAnswers:
                node.Network!.Delay = TimeSpan.FromMilliseconds(100);
                await Task.Delay(aWhile);
                node.Network.Cut();
                node.Network.Delay = TimeSpan.Zero;
                break;
        }
    }
}
