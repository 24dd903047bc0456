using System.Collections.Concurrent;
using Ipam.Core.Reconciliation;
using Prometheus;

namespace Ipam.Service.Metrics;

/// <summary>What the service counts, in a registry of its own. Safe for use by several threads at once.</summary>
internal sealed class ServiceMetrics
{
    /// <summary>From 50 µs to 10 s: a request that is served from a warm store up to one that waits for a sick one.</summary>
    private static readonly double[] Seconds =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>The reason of a release by the runtime's GC.</summary>
    public const string RuntimeList = "runtime";

    /// <summary>What is there from the start, so that the first of them shows as a change: what goes well, and the two refusals that matter most.</summary>
    private static readonly (string Verb, string Result)[] Expected =
        [("ADD", "ok"), ("DEL", "ok"), ("CHECK", "ok"), ("STATUS", "ok"), ("GC", "ok"), ("ADD", "11"), ("ADD", "100")];

    /// <summary>From 1 to 512, the most requests of one commit.</summary>
    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Gauge _ready;
    private readonly Gauge _storeUp;
    private readonly Gauge _spooled;
    private readonly Gauge _damaged;
    private readonly Histogram _requestSeconds;
    private readonly Gauge _waiting;
    private readonly Gauge _cooldowns;
    private readonly Histogram _commitRequests;
    private readonly Histogram _commitBlocks;
    private readonly Histogram _commitSeconds;
    private readonly Counter _conflicts;
    private readonly Counter _failures;
    private readonly Counter _commitFailures;
    private readonly Gauge _held;
    private readonly Counter _leaseConflicts;
    private readonly Counter _inUse;
    private readonly Gauge _leader;
    private readonly Gauge _leaks;
    private readonly Counter _released;
    private readonly Counter _refused;
    private readonly Counter _cpu;
    private readonly Gauge _memory;

    /// <summary>The series of requests, so that a request needs no look-up by text.</summary>
    private readonly ConcurrentDictionary<(string Verb, string Result), IHistogram> _requests = new();

    public ServiceMetrics()
    {
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _ready = metrics.CreateGauge("ipamsuite_ready", "1 once the store is open and its blocks are loaded.");
        _storeUp = metrics.CreateGauge("ipamsuite_store_up", "1 while the store serves: no call has failed since one went well.");
        _spooled = metrics.CreateGauge("ipamsuite_spooled_releases", "Releases in the spool, to be carried out.");
        _waiting = metrics.CreateGauge("ipamsuite_requests_waiting", "Requests to the allocator that are not answered yet.");
        _cooldowns = metrics.CreateGauge("ipamsuite_cooldowns_waiting", "Blocks that are to be looked at when a cooldown in them ends.");
        _damaged = metrics.CreateGauge("ipamsuite_blocks_damaged", "Blocks of the store that can't be read and are set aside.");
        _requestSeconds = metrics.CreateHistogram(
            "ipamsuite_request_duration_seconds", "Time from a request's arrival to its answer, by verb and result.", ["verb", "result"], In(Seconds));
        _commitRequests = metrics.CreateHistogram("ipamsuite_commit_requests", "Requests carried by one commit.", In(Counts));
        _commitBlocks = metrics.CreateHistogram("ipamsuite_commit_blocks", "Blocks changed by one commit.", In(Counts));
        _commitSeconds = metrics.CreateHistogram("ipamsuite_commit_duration_seconds", "Time the store took for one commit.", In(Seconds));
        _conflicts = metrics.CreateCounter("ipamsuite_commit_conflicts_total", "Blocks in conflict: somebody else had changed them meanwhile.");
        _failures = metrics.CreateCounter("ipamsuite_store_failures_total", "Failures of the store that requests were answered with.");
        _commitFailures = metrics.CreateCounter("ipamsuite_commit_failures_total", "Commits that failed: nobody knows whether the store has them, until one is tried again.");
        _held = metrics.CreateGauge("ipamsuite_store_lost", "1 while no address is handed out because the store lost data, or the node's name is in use elsewhere.");
        _leaseConflicts = metrics.CreateCounter(
            "ipamsuite_lease_conflicts_total", "Leases of this node that the store lost and that can't be there again, because another lease is in their place.");
        _inUse = metrics.CreateCounter(
            "ipamsuite_addresses_in_use_total", "Addresses that were set aside and not handed out, as somebody on the wire answered for them.");
        _leader = metrics.CreateGauge(
            "ipamsuite_leader", "1 while this ipamd leads: it does the work for the whole cluster.", new GaugeConfiguration { SuppressInitialValue = true });
        _leaks = metrics.CreateGauge("ipamsuite_leaks", "Leases of this node whose owner is gone, as far as a first look tells, and that are not yet released.");
        _released = metrics.CreateCounter("ipamsuite_gc_released_total", "Leases released without a DEL, by what showed that their owner is gone.", ["reason"]);
        _refused = metrics.CreateCounter("ipamsuite_gc_refused_total", "Leases of owners that seemed to be gone, not released in a pass, by the reason.", ["reason"]);
        _cpu = metrics.CreateCounter("process_cpu_seconds_total", "Processor time that ipamd has used.");
        _memory = metrics.CreateGauge("process_resident_memory_bytes", "Memory that ipamd has resident.");
        foreach (var (verb, result) in Expected)
            _requests[(verb, result)] = _requestSeconds.WithLabels(verb, result);
        foreach (var reason in (string[])[RuntimeList, "namespace", "reboot", "node_deleted", "node_silent", "pod_gone"])
            _released.WithLabels(reason);
        foreach (var reason in Enum.GetValues<RefusedRelease>())
            _refused.WithLabels(Label(reason));
    }

    /// <summary>A request was answered.</summary>
    /// <param name="verb">The verb, upper case.</param>
    /// <param name="result"><c>ok</c>, <c>spooled</c>, or the code of the error.</param>
    /// <param name="duration">From its arrival to its answer.</param>
    public void Served(string verb, string result, TimeSpan duration) =>
        _requests.GetOrAdd((verb, result), static (key, all) => all.WithLabels(key.Verb, key.Result), _requestSeconds).Observe(duration.TotalSeconds);

    /// <summary>So many more blocks are set aside, or fewer.</summary>
    public void Damaged(int more) => _damaged.Inc(more);

    /// <summary>The store answered a commit.</summary>
    public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
    {
        _commitRequests.Observe(requests);
        _commitBlocks.Observe(blocks);
        _commitSeconds.Observe(duration.TotalSeconds);
        _conflicts.Inc(conflicts);
    }

    /// <summary>The store failed, and requests were answered with that.</summary>
    /// <param name="isCommit">Whether something was to be committed.</param>
    public void Failed(bool isCommit)
    {
        _failures.Inc();
        if (isCommit)
            _commitFailures.Inc();
    }

    /// <summary>Whether nothing is handed out because the store lost data.</summary>
    public void Held(bool isHeld) => _held.Set(isHeld ? 1 : 0);

    /// <summary>Whether this ipamd leads. Of one that never may, there is no series.</summary>
    public void Leads(bool isLeading) => _leader.Set(isLeading ? 1 : 0);

    /// <summary>So many leases have an owner that seems to be gone.</summary>
    public void Leaks(int leaks) => _leaks.Set(leaks);

    /// <summary>A lease was released without a DEL.</summary>
    /// <param name="reason">What showed that its owner is gone; of a small set.</param>
    public void Released(string reason) => _released.WithLabels(reason).Inc();

    /// <summary>So many leaks are not released in this pass.</summary>
    public void Refused(RefusedRelease reason, int leases) => _refused.WithLabels(Label(reason)).Inc(leases);

    /// <summary>Leases turned out to be held twice.</summary>
    public void Conflicted(int leases) => _leaseConflicts.Inc(leases);

    /// <summary>Somebody on the wire answers for an address that was to be handed out.</summary>
    public void FoundInUse() => _inUse.Inc();

    /// <summary>Writes all of it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">In which format.</param>
    /// <param name="levels">What is so now.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task WriteAsync(Stream output, ExpositionFormat format, Levels levels, CancellationToken cancellationToken)
    {
        _ready.Set(levels.IsReady ? 1 : 0);
        _storeUp.Set(levels.IsStoreUp ? 1 : 0);
        _spooled.Set(levels.Spooled);
        _waiting.Set(levels.Queues.Requests);
        _cooldowns.Set(levels.Queues.Cooldowns);
        _cpu.IncTo(Environment.CpuUsage.TotalTime.TotalSeconds);
        _memory.Set(Environment.WorkingSet);
        return _registry.CollectAndExportAsTextAsync(output, format, cancellationToken);
    }

    private static string Label(RefusedRelease reason) => reason switch
    {
        RefusedRelease.Incomplete => "incomplete",
        RefusedRelease.Implausible => "implausible",
        RefusedRelease.Cap => "cap",
        RefusedRelease.FreshLook => "fresh_look",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason that has a label"),
    };

    private static HistogramConfiguration In(double[] buckets) => new() { Buckets = buckets };
}
