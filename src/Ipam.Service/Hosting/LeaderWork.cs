using Ipam.Core.GarbageCollection;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Notices;
using Ipam.Service.Options;
using Ipam.Service.Reconciliation;

namespace Ipam.Service.Hosting;

/// <summary>
/// Stands for election, and does the work that only a leader may do: it releases the leases of nodes that are gone. Not thread-safe, but for
/// <see cref="IsLeading"/>.
/// </summary>
internal sealed class LeaderWork
{
    /// <summary>Where every node stands for election, they ask more seldom than a few controllers do.</summary>
    private static readonly CandidateOptions OfMany = new()
    {
        LeaseDuration = TimeSpan.FromSeconds(20),
        RenewDeadline = TimeSpan.FromSeconds(13),
        RetryPeriod = TimeSpan.FromSeconds(5),
        LongestPause = TimeSpan.FromMinutes(5),
    };

    private readonly Candidate _candidate;
    private readonly ClusterJudge _judge;

    /// <summary>Work that is not begun.</summary>
    /// <param name="options">What the service is told.</param>
    /// <param name="store">Where addresses are kept.</param>
    /// <param name="releases">Tells people of releases.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets a line for each release.</param>
    public LeaderWork(
        ServiceOptions options, IIpamStore store, ReleasePostings releases, ServiceMetrics metrics, TimeProvider time, ILogger log)
    {
        metrics.Leads(false);
        var election = options.Role == ServiceRole.Controller ? new CandidateOptions() : OfMany;
        _candidate = new Candidate(
            store.Leaders, LeaderRole.Controller, $"{options.Node}_{Guid.NewGuid():n}", election, time, new Random(), new CandidateObserver(metrics, log));
        var isCollecting = IsCollecting(options, store);
        _judge = new ClusterJudge(
            () => new LeakCollector(store, new CollectorOptions { By = options.Node, NodeGoneAfter = options.NodeGoneAfter, Rest = CollectorOptions.UsualRest }, time, new Random()),
            () => isCollecting && IsLeading, releases, metrics, time, log);
    }

    /// <summary>Whether this ipamd leads now.</summary>
    public bool IsLeading => _candidate.IsLeading;

    /// <summary>Whether there is anything to be done for all. Who has nothing to do asks nobody whether it is to lead.</summary>
    public static bool IsThere(ServiceOptions options, IIpamStore store) => store.PoolStatuses is not null || IsCollecting(options, store);

    /// <summary>Stands for election until cancelled, then gives up the lead.</summary>
    public Task StandAsync(CancellationToken cancellationToken) => _candidate.RunAsync(cancellationToken);

    /// <summary>Begins what is due, if this ipamd leads; to be called every second.</summary>
    public void Turn(CancellationToken stopping) => _judge.Turn(stopping);

    /// <summary>Begins anew, as if it had found out nothing: the store lost its data.</summary>
    public Task BeginAnewAsync() => _judge.BeginAnewAsync();

    /// <summary>Completes when nothing is under way.</summary>
    public Task CloseAsync() => _judge.CloseAsync();

    private static bool IsCollecting(ServiceOptions options, IIpamStore store) => store.Cluster is not null || options.NodeGoneAfter is not null;
}
