using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Leaks;

/// <summary>Leases of three nodes lose their owners in every way there is. How soon they are gone is measured, and that nobody else's are.</summary>
internal sealed class LeakRun(LeakOptions options, Action<string> say)
{
    /// <summary>The grace period of the collection, and after how long it counts a node as gone that gives no sign.</summary>
    private const string CollectionGrace = "30", NodeGoneAfter = "60";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly List<LeakyNode> _nodes = [];

    /// <summary>Runs it; throws if a leak stays too long, or a living container loses its address.</summary>
    public async Task RunAsync()
    {
        say($"leaks on {options.Store}: {options.Leases} leases, {options.Nodes} nodes, grace period {options.Grace.TotalSeconds:0} s");
        await using var server = await StoreServer.StartAsync(options.Store);
        try
        {
            for (var i = 0; i < options.Nodes; i++)
                await JoinAsync(server, $"node-{i}");
            await FillAsync();
            var requests = new RequestCount(server);
            await LoseAsync();
            await SeeReleasedAsync();
            say(requests.Text());
            if (options.LosesANode)
                await LoseANodeAsync(server);
            await AuditAsync();
        }
        finally
        {
            foreach (var node in _nodes)
                await node.DisposeAsync();
        }
    }

    private async Task<LeakyNode> JoinAsync(StoreServer server, string name)
    {
        if (server is KubernetesStoreServer kubernetes)
        {
            await kubernetes.JoinAsync(name);
            // A cluster without pods is not believed.
            await kubernetes.CreatePodAsync($"daemon-of-{name}", name);
        }
        var node = await LeakyNode.StartAsync(server.Url(), name, options.Grace);
        _nodes.Add(node);
        return node;
    }

    private async Task FillAsync()
    {
        var start = Stopwatch.GetTimestamp();
        // What was before a reboot is lost by it, so that comes first.
        await _nodes[^1].FillAsync(options.OfEach * options.Nodes);
        await _nodes[^1].RebootAsync();
        // Those that are replaced, and those that move, live on.
        await Task.WhenAll(_nodes.Select(node => node.FillAsync(options.LivingOfEach - (2 * options.OfEach))));
        say($"{_nodes.Sum(static node => node.Living.Count())} containers in namespaces of their own after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s; one node has booted");
    }

    private async Task LoseAsync()
    {
        await Task.WhenAll(_nodes.Select(node => Task.Run(() => node.LoseAsync(options.OfEach, options.Spread))));
        say($"{Losses.Count()} have lost their owner");
    }

    private IEnumerable<Loss> Losses => _nodes.SelectMany(static node => node.Losses);

    private async Task SeeReleasedAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Losses.Any(static loss => loss is { ToldAt: null, IsCertain: true }) && Stopwatch.GetElapsedTime(since) < 2 * options.Bound)
        {
            await Task.Delay(BetweenLooks);
            _nodes.ForEach(static node => node.ReadLog());
        }
        var late = Losses.Where(static loss => loss is { ToldAt: null, IsCertain: true }).ToArray();
        Assert.True(late.Length == 0, $"{late.Length} leaks are held {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s after the last loss: {Named(late)}");
        // A killed ADD may have taken nothing; then nothing is released, and the store shows that.
        await Wait.UntilAsync(() => Strangers().Length == 0, "that only the living hold addresses");
        foreach (var node in _nodes)
            await node.EnsureCountedAsync();

        (string Title, TimeSpan P99)[] kinds =
            [.. Losses.GroupBy(static loss => loss.Kind).OrderBy(static kind => kind.Key).Select(kind => (kind.Key.ToString(), Tell(kind.Key.ToString(), [.. kind]))), ("all", Tell("all", [.. Losses]))];
        Assert.All(kinds, kind => Assert.True(kind.P99 < options.Bound, $"{kind.Title}: at p99 a leak was gone after {kind.P99.TotalSeconds:0.0} s, and {options.Bound.TotalSeconds:0} s are promised"));
    }

    private static string Named(IEnumerable<Loss> losses) => string.Join(", ", losses.Take(10).Select(static loss => $"{loss.Container} ({loss.Kind})"));

    /// <summary>Says how long some took; returns that at p99.</summary>
    private TimeSpan Tell(string title, IReadOnlyCollection<Loss> losses)
    {
        var took = losses.Where(static loss => loss.ToldAt is not null).Select(static loss => Stopwatch.GetElapsedTime(loss.At, loss.ToldAt!.Value)).Order().ToArray();
        if (took.Length == 0)
            return TimeSpan.Zero;
        TimeSpan At(double share) => took[(int)Math.Min(took.Length - 1, share * took.Length)];
        var without = losses.Count > took.Length ? $" ({losses.Count - took.Length} more had taken nothing)" : "";
        say($"{title,-16}{took.Length,5} gone after {At(0.5).TotalSeconds,5:0.0} s at p50, {At(0.99).TotalSeconds,5:0.0} s at p99, {took[^1].TotalSeconds,5:0.0} s at most{without}");
        return At(0.99);
    }

    private async Task LoseANodeAsync(StoreServer server)
    {
        var doomed = await JoinAsync(server, "node-lost");
        await doomed.FillAsync(options.OfEach * options.Nodes);
        await doomed.DieAsync();
        if (server is KubernetesStoreServer cluster)
            await cluster.LeaveAsync("node-lost");
        var requests = new RequestCount(server);
        var start = Stopwatch.GetTimestamp();
        using var collector = new Site(store: server is KubernetesStoreServer kubernetes ? kubernetes.UrlOfCollector() : server.Url());
        string[] tells = server is KubernetesStoreServer ? [] : ["--node-gone-after", NodeGoneAfter];
        var collection = Ipamctl.TryRun(collector, TimeSpan.FromMinutes(5), ["gc", "--grace", CollectionGrace, .. tells]);
        var released = Regex.Count(collection.Stdout, " released ");
        Assert.True(collection.ExitCode == 0 && released == doomed.Losses.Count, $"of {doomed.Losses.Count} leases of a lost node {released} were released: {collection}");
        say($"{LossKind.NodeLost,-16}{released,5} gone {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s after 'ipamctl gc --grace {CollectionGrace}' began");
        say(requests.Text());
    }

    /// <summary>Who holds addresses and doesn't live.</summary>
    private string[] Strangers()
    {
        var living = Living();
        return [.. Ipamctl.Leases(_nodes[0].Site).Select(static lease => lease.ContainerId).Where(container => !living.ContainsKey(container))];
    }

    private Dictionary<string, string> Living() => _nodes.SelectMany(static node => node.Living).ToDictionary();

    /// <summary>A pass later still nobody has lost anything.</summary>
    private async Task AuditAsync()
    {
        await Task.Delay(options.Grace + TimeSpan.FromSeconds(1));
        var (living, held) = (Living(), Ipamctl.Leases(_nodes[0].Site).ToDictionary(static lease => lease.ContainerId, static lease => lease.Address));
        var wrong = living.Where(one => held.GetValueOrDefault(one.Key) != one.Value).Select(one => $"{one.Key} was given {one.Value} and holds {held.GetValueOrDefault(one.Key) ?? "nothing"}").ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} living containers lost their address: {string.Join(", ", wrong.Take(10))}\n{string.Join('\n', _nodes.Select(static node => node.Log))}");
        Assert.Empty(held.Keys.Except(living.Keys));
        say(string.Create(CultureInfo.InvariantCulture, $"{living.Count} living containers hold what they were given, and nobody else holds anything"));
    }
}
