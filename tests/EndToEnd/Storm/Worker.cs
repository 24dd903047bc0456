using EndToEnd.Load.Churn;
using EndToEnd.Support;

namespace EndToEnd.Storm;

/// <summary>A runtime on a node: adds and deletes its containers at random, one call at a time, and keeps at it.</summary>
internal sealed class Worker(Node node, IReadOnlyList<Container> containers, Books books, Random random)
{
    private const int Exhausted = 100;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!await CallAsync(containers[random.Next(containers.Count)]))
                await BackOffAsync();
        }
    }

    /// <summary>Makes sure that every DEL that was called is answered.</summary>
    public async Task FinishAsync()
    {
        foreach (var container in containers.Where(static container => container.Knowledge == Knowledge.Deleting))
        {
            while (!await DelAsync(container))
                await BackOffAsync();
        }
    }

    /// <summary>One call; false when it was not answered.</summary>
    private Task<bool> CallAsync(Container container)
    {
        var wantsDel = container.Knowledge switch
        {
            Knowledge.Released => 0.05,
            Knowledge.Held => 0.8,
            Knowledge.Unanswered => 0.5,
            _ => 1,
        };
        return random.NextDouble() < wantsDel ? DelAsync(container) : AddAsync(container);
    }

    private async Task<bool> AddAsync(Container container)
    {
        var kind = container.Knowledge == Knowledge.Released ? OperationKind.Add : OperationKind.ReplayedAdd;
        var outcome = await node.Http.CallAsync("add", container.Id, container.Network.Json(node.Site));
        if (outcome is { Succeeded: false, Error.Code: Exhausted } && container.Knowledge != Knowledge.Held)
        {
            books.Count(OperationKind.Exhausted);
            return true;
        }
        return Count(kind, container.Added(outcome));
    }

    private async Task<bool> DelAsync(Container container)
    {
        var kind = container.Knowledge is Knowledge.Held or Knowledge.Unanswered ? OperationKind.Del : OperationKind.ReplayedDel;
        container.Deleting();
        var outcome = await node.Http.CallAsync("del", container.Id, container.Network.Json(node.Site));
        if (outcome is null && random.Next(2) == 0)
        {
            // The plugin writes the release down if need be.
            kind = OperationKind.PluginDel;
            outcome = await Task.Run(() => node.Site.Del(container.Network, container.Id));
        }
        if (outcome is not null)
            container.Deleted(outcome);
        return Count(kind, outcome is not null);
    }

    private bool Count(OperationKind kind, bool isAnswered)
    {
        books.Count(isAnswered ? kind : OperationKind.Unanswered);
        return isAnswered;
    }

    private Task BackOffAsync() => Task.Delay(random.Next(50, 250));
}
