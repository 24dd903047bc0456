using Ipam.Core.GarbageCollection;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Notices;
using Ipam.Service.Options;
using Ipam.Service.Pools;
using Ipam.Service.Reconciliation;

namespace Ipam.Service.Hosting;

/// <summary>
/// The work that one ipamd does for all, while it leads: it releases the leases of nodes that are gone, and shows how full the pools are. Not thread-safe, but for
/// <see cref="IsLeading"/>.
/// </summary>
internal sealed class LeaderWork
{
    /// <summary>Every how many turns the use of pools is shown.</summary>
    private const int ReportTurns = 3;

    /// <summary>Where every node stands for election, they ask more seldom than a few controllers do.</summary>
    private static readonly CandidateOptions OfMany = new()
    {
        LeaseDuration = TimeSpan.FromSeconds(20),
        RenewDeadline = TimeSpan.FromSeconds(13),
        RetryPeriod = TimeSpan.FromSeconds(5),
        LongestPause = TimeSpan.FromMinutes(5),
    };

    private readonly Candidate _candidate;
    private readonly PoolStatusReporter _reporter;
    private readonly ClusterJudge _judge;
    private int _turns;

    /// <summary>Work that is not begun.</summary>
    /// <param name="options">What the service is told.</param>
    /// <param name="store">Where addresses are kept.</param>
    /// <param name="catalogs">Knows the pools.</param>
    /// <param name="postings">Puts notices up.</param>
    /// <param name="releases">Tells people of releases.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets a line for each release.</param>
    public LeaderWork(
        ServiceOptions options, IIpamStore store, PoolCatalogSource catalogs, Postings postings, ReleasePostings releases, ServiceMetrics metrics, TimeProvider time, ILogger log)
    {
        var election = options.Role == ServiceRole.Controller ? new CandidateOptions() : OfMany;
        _candidate = new Candidate(
            store.Leaders, LeaderRole.Controller, $"{options.Node}_{Guid.NewGuid():n}", election, time, new Random(), new CandidateObserver(metrics, log));
        _reporter = new PoolStatusReporter(store, catalogs, () => IsLeading, postings);
        var isCollecting = IsCollecting(options, store);
        _judge = new ClusterJudge(
            () => new LeakCollector(store, new CollectorOptions { By = options.Node, NodeGoneAfter = options.NodeGoneAfter }, time, new Random()),
            () => isCollecting && IsLeading, releases, metrics, time, log);
    }

    /// <summary>Whether this ipamd leads now.</summary>
    public bool IsLeading => _candidate.IsLeading;

    /// <summary>Whether there is anything to be done for all. Who has nothing to do asks nobody whether it is to lead.</summary>
    public static bool IsThere(ServiceOptions options, IIpamStore store) => store.PoolStatuses is not null || IsCollecting(options, store);

    /// <summary>Stands for election until cancelled, then gives up the lead.</summary>
    public Task StandAsync(CancellationToken cancellationToken) => _candidate.RunAsync(cancellationToken);

    /// <summary>Does what is due, if this ipamd leads; to be called every second. Throws <see cref="StoreException"/> if the store fails.</summary>
    public Task TurnAsync(CancellationToken stopping)
    {
        _judge.Turn(stopping);
        return _turns++ % ReportTurns == 0 ? _reporter.ReportAsync(stopping) : Task.CompletedTask;
    }

    /// <summary>Begins anew, as if it had found out nothing: the store lost its data.</summary>
    public Task BeginAnewAsync() => _judge.BeginAnewAsync();

    /// <summary>Completes when nothing is under way.</summary>
    public Task CloseAsync() => _judge.CloseAsync();

    private static bool IsCollecting(ServiceOptions options, IIpamStore store) => store.Cluster is not null || options.NodeGoneAfter is not null;
}
