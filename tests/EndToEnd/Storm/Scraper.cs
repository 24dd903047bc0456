namespace EndToEnd.Storm;

/// <summary>Reads the metrics of all nodes every second, as a monitoring system does; what can't be read now is left out.</summary>
internal sealed class Scraper(IReadOnlyList<Node> nodes)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private int _scrapes;

    /// <summary>How often metrics were read.</summary>
    public int Scrapes => Volatile.Read(ref _scrapes);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(nodes.Select(node => RunAsync(node, stop)));

    private async Task RunAsync(Node node, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await node.TryScrapeAsync())
                Interlocked.Increment(ref _scrapes);
            await Task.Delay(Between, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
