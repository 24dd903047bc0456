using System.Diagnostics;
using EndToEnd.Load.Churn;
using EndToEnd.Support;

namespace EndToEnd.Storm;

/// <summary>
/// Nodes that share a store, each with runtimes that add and delete containers, while things happen to all nodes but the first, pools are changed, and metrics are
/// read. At the end the answers are held against each other and against the store, and what the first node's ipamd takes against what it took before.
/// </summary>
internal sealed class StormRun(StormOptions options, Action<string> say)
{
    public const string Space = "storm";

    private readonly Books _books = new();
    private readonly Random _random = new(options.Seed);

    /// <summary>Room for everybody, in blocks of the nodes' own.</summary>
    private static readonly NetworkConfig Roomy = new("roomy")
    {
        Space = Space,
        Ipam = """ "ranges": [[{ "subnet": "10.4.0.0/20" }], [{ "subnet": "fd00:4::/112" }]] """,
    };

    /// <summary>Less than everybody wants, in the same space and partly in the same blocks, so that addresses go from hand to hand.</summary>
    private static readonly NetworkConfig Scarce = new("scarce")
    {
        Space = Space,
        Ipam = """ "ranges": [[{ "subnet": "10.4.0.0/20", "rangeStart": "10.4.1.30", "rangeEnd": "10.4.1.97" }], [{ "subnet": "fd00:4::/112", "rangeStart": "fd00:4::11e", "rangeEnd": "fd00:4::164" }]] """,
    };

    /// <summary>A pool that is changed meanwhile, and whose addresses cool down.</summary>
    private static readonly NetworkConfig Tidal = new("tidal") { Space = Space, Ipam = $$""" "pools": ["{{Editor.Pool}}"] """ };

    /// <summary>Next to nothing for many, who ask and ask.</summary>
    private static readonly NetworkConfig Full = new("full")
    {
        Space = Space,
        Ipam = """ "ranges": [[{ "subnet": "10.4.24.0/29" }], [{ "subnet": "fd00:4::2:0/125" }]] """,
    };

    public int Answered => _books.Answered;

    public int Faults => _books.Faults;

    /// <summary>Runs it; throws if an answer was not true.</summary>
    public async Task RunAsync()
    {
        say($"storm on {options.Store}: {options.Nodes} nodes, {options.Workers} workers, {options.Duration.TotalSeconds} s, seed {options.Seed}");
        await using var cluster = await Cluster.StartAsync(options.Store, options.Nodes, withNetworks: true, options.WithClocks);
        // A store that loses its data loses its pools, too.
        var editor = options.WithLoss ? null : new Editor(cluster.Outside, new Random(options.Seed));
        editor?.Begin();
        var (workers, containers) = Populate(cluster.Nodes, editor is null ? [Roomy, Roomy, Roomy, Scarce] : [Roomy, Tidal, Full, Scarce]);
        var vitals = new Vitals(cluster.Nodes[0], options.LookEvery, say);
        var scraper = new Scraper(cluster.Nodes);
        var start = Stopwatch.GetTimestamp();

        await BlowAsync(cluster, workers, [vitals.RunAsync, scraper.RunAsync, .. editor is null ? (Func<CancellationToken, Task>[])[] : [editor.RunAsync]]);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await Task.WhenAll(workers.Select(static worker => worker.FinishAsync()));
        foreach (var node in cluster.Nodes)
        {
            await node.WhenSpoolIsEmptyAsync();
            await _books.ReadMetricsAsync(node);
        }
        say(_books.Text(elapsed));
        say($"pools and reservations changed {editor?.Changes ?? 0} times, metrics read {scraper.Scrapes} times");
        vitals.EnsureFlat(options.SteadyFrom, options.MostGrowth);

        var tenures = Tenures(containers);
        Overlap.EnsureNone(tenures);
        say($"{tenures.Count} tenures of {tenures.Select(static tenure => tenure.Address).Distinct().Count()} addresses: no two overlap");
        new Audit(containers, [cluster.Outside, .. cluster.Nodes.Select(static node => node.Site)]).Run();
        if (options.HasHistory)
            Compare(Stories.Of(cluster.Nodes), tenures);
        say($"{containers.Count} containers: the store has what they were answered ({string.Join(", ", Counts(containers))})");
    }

    private void Compare(Stories stories, IReadOnlyList<Tenure> tenures)
    {
        stories.EnsureNoneOverlap();
        stories.EnsureHave(tenures);
        say($"{stories.Count} leases in the history: no two of an address overlap, and each tenure is there");
    }

    private (List<Worker> Workers, List<Container> Containers) Populate(IReadOnlyList<Node> nodes, NetworkConfig[] networks)
    {
        var workers = new List<Worker>();
        var all = new List<Container>();
        for (var i = 0; i < options.Workers; i++)
        {
            var network = networks[i / nodes.Count % networks.Length];
            var containers = Enumerable.Range(0, options.ContainersOfEach).Select(number => new Container($"w{i}-{number}", network)).ToList();
            all.AddRange(containers);
            workers.Add(new Worker(nodes[i % nodes.Count], containers, _books, new Random(options.Seed + 1 + i)));
        }
        return (workers, all);
    }

    /// <summary>Ends when the time is over and all is well again, or when a worker was given a wrong answer.</summary>
    private async Task BlowAsync(Cluster cluster, List<Worker> workers, IReadOnlyList<Func<CancellationToken, Task>> others)
    {
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var faults = new FaultInjector([.. cluster.Nodes.Skip(1)], options.WithLoss ? cluster.Store : null, _books, _random).RunAsync(
            () => watch.Elapsed >= options.Duration && (_books.Answered >= options.LeastCalls || watch.Elapsed >= 5 * options.Duration), stop.Token);
        var work = workers.Select(worker => Task.Run(() => worker.RunAsync(stop.Token))).Concat(others.Select(other => other(stop.Token))).ToList();
        await Task.WhenAny([faults, .. work]);
        await stop.CancelAsync();
        await Task.WhenAll([faults, .. work]);
    }

    private static List<Tenure> Tenures(List<Container> containers)
    {
        var now = Stopwatch.GetTimestamp();
        containers.ForEach(container => container.EndTenure(now));
        return [.. containers.SelectMany(static container => container.Tenures)];
    }

    private static IEnumerable<string> Counts(List<Container> containers) =>
        containers.CountBy(static container => container.Knowledge).OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}");
}
