using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// Releases the leases of nodes that nobody answers for any more: neither an ipamd nor the cluster. Leases of a node whose ipamd reports are that one's to judge.
/// Address conflicts whose time is over end whoever's they are, once their node's ipamd has had the time to end them. So do addresses that are kept for nobody any more.
/// What it needs to know it reads anew in each pass, and if any of it can't be read whole, the pass releases nothing. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads pauses.</param>
public sealed class LeakCollector(IIpamStore store, CollectorOptions options, TimeProvider time, Random random)
{
    private readonly Reconciler _reconciler = new(new ReconcilerOptions { Grace = options.Grace }, time, options.Named);
    private readonly NodeReports _reports = new(store.Nodes.Silence, options.NodeGoneAfter, time);
    private readonly KeptLeases _kept = new(store, options, time);
    private readonly QuotaUpkeep _quotas = new(store);
    private readonly BlockReleases _releases = new(store, time, random);

    /// <summary>When a pass may begin that can end a suspicion: a timestamp; null if there is none.</summary>
    public long? NextDue => _reconciler.NextDue is { } due && _kept.NextDue is { } other ? Math.Min(due, other) : _reconciler.NextDue ?? _kept.NextDue;

    /// <summary>For how long nodes are watched before all is said of them.</summary>
    public TimeSpan Watch => _reports.LongestWatch;

    /// <summary>Looks at all leases once, and releases those that are found leaked.</summary>
    /// <param name="mayRelease">Asked right before each commit: whether leases may be released. If never, the pass only looks.</param>
    /// <param name="cancellationToken">Cancels it; what was released stays so.</param>
    /// <exception cref="StoreException">The store or the cluster failed before anything was released.</exception>
    public async Task<CollectionReport> PassAsync(Func<bool> mayRelease, CancellationToken cancellationToken)
    {
        await _quotas.BeginAsync(cancellationToken);
        await ObserveAsync(cancellationToken);
        var first = await ReadNodesAsync(cancellationToken);
        await _kept.BeginAsync(cancellationToken);
        var listing = await ListAsync(first?.Uids ?? new Dictionary<string, string>(), cancellationToken);
        var listedAt = time.GetTimestamp();
        var emptyBlocks = listing.Blocks.Where(static block => block.IsEmpty).Select(static block => block.Id).ToList();
        var isWorth = listing.Leases.Count > 0 || listing.Over.Count > 0 || emptyBlocks.Count > 0;
        // What lists look like when nothing is wrong is learned even if nobody is to be judged.
        var (nodes, readings) = isWorth ? await ReadAsync(cancellationToken) : (first, first is null ? [] : [first.Reading]);
        var verdict = _reconciler.Judge(listing.Leases, listedAt, readings);
        var (dueKept, keptReport, failures) = await _kept.JudgeAsync(listing.Marked, listedAt, mayRelease, cancellationToken);
        var report = new CollectionReport
        {
            Listed = listing.All,
            Unwatched = listing.Unwatched,
            Judged = listing.Leases.Count,
            Due = [.. verdict.Releases, .. listing.Over.Select(OverConflict.Of), .. dueKept],
            Refusals = [.. verdict.Refusals, .. keptReport.Refusals],
            Suspects = [.. _reconciler.Suspects, .. _kept.Suspects],
            Failures = failures,
            Damaged = listing.Damaged,
            BlocksOfGoneNodes = [.. listing.Blocks.Where(block => IsGone(block.Node, nodes))],
        };
        if (!mayRelease())
            return report;
        if (isWorth || dueKept.Count > 0)
            report = await ReleaseAsync(report, new FreshLook(store, _reports), emptyBlocks, node => IsGone(node, nodes), mayRelease, cancellationToken);
        if (options.Named is null && !report.IsCutShort && listing.Damaged.Count == 0)
            report = await MendAsync(report, listing, cancellationToken);
        if (nodes is not null && verdict.Refusals.Count == 0)
            report = await ForgetAsync(report, nodes.Uids, listing.Nodes, mayRelease, cancellationToken);
        return report;
    }

    /// <summary>Whether a node is gone with all that was on it, by what was read last.</summary>
    private bool IsGone(string node, NodeList? nodes)
    {
        Verdict[] verdicts = [_reports.Of(node).Verdict, nodes is null ? Verdict.Unknown : ClusterReadings.OfNode(node, nodes.Uids, _reports).Verdict];
        return verdicts.Contains(Verdict.Gone) && !verdicts.Contains(Verdict.Alive);
    }

    private async Task ObserveAsync(CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        _reports.Observe(await store.Nodes.ListAsync(cancellationToken), beganAt);
    }

    /// <summary>The nodes of the cluster; null if there is none.</summary>
    private async Task<NodeList?> ReadNodesAsync(CancellationToken cancellationToken)
    {
        if (store.Cluster is not { } cluster)
            return null;
        var beganAt = time.GetTimestamp();
        var uids = await cluster.ListNodesAsync(cancellationToken);
        return new NodeList(uids, ClusterReadings.OfNodes(uids, _reports, beganAt, time.GetTimestamp()));
    }

    private async Task<Listing> ListAsync(IReadOnlyDictionary<string, string> cluster, CancellationToken cancellationToken)
    {
        var listing = new Listing { Registered = _reports.Registered };
        // Of such a node nothing is to be judged, whatever else is found.
        bool IsAnswered(string node) => cluster.TryGetValue(node, out var uid) && _reports.IsFound(node, uid);
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            listing.Damaged.AddRange(page.Damaged);
            foreach (var block in page)
            {
                listing.All += block.Leases.Count(options.Means);
                listing.Unanswered.AddRange(block.Leases.Where(lease => lease.Pod is not null && !listing.Registered.Contains(lease.Node)));
                listing.Marked.AddRange(block.Leases.Where(static lease => lease.Sticky is not null));
                listing.Nodes.UnionWith(block.Leases.Where(static lease => lease.Owner.EndsWithNode).Select(static lease => lease.Node));
                if (block.Node is { } owner)
                    listing.Nodes.Add(owner);
                listing.Over.AddRange(block.Leases.Where(lease => options.Means(lease) && lease.Owner.IsConflict && lease.IsOver(time.GetUtcNow(), options.Grace)));
                foreach (var lease in block.Leases.Where(lease => options.Means(lease) && !lease.Owner.IsConflict && !IsAnswered(lease.Node)))
                {
                    if (!_reports.MayReport(lease.Node))
                        listing.Leases.Add(lease);
                    if (_reports.IsUnwatched(lease.Node))
                        listing.Unwatched++;
                }
                if (block.Node is { } node && options.Means(node) && !cluster.ContainsKey(node) && !_reports.MayReport(node))
                    listing.Blocks.Add(new NodeBlock(block.Id, node, block.Held == 0));
            }
            await Task.Delay(options.Rest, time, cancellationToken);
        }
        return listing;
    }

    /// <summary>All sources, each read after the leases were listed.</summary>
    private async Task<(NodeList? Nodes, IReadOnlyList<Reading> Readings)> ReadAsync(CancellationToken cancellationToken)
    {
        await ObserveAsync(cancellationToken);
        var reports = _reports.Read(time.GetTimestamp());
        if (store.Cluster is not { } cluster)
            return (null, [reports]);
        var nodes = (await ReadNodesAsync(cancellationToken))!;
        var beganAt = time.GetTimestamp();
        var pods = await cluster.ListPodsAsync(cancellationToken);
        return (nodes, [reports, nodes.Reading, ClusterReadings.OfPods(pods, beganAt, time.GetTimestamp())]);
    }

    private async Task<CollectionReport> MendAsync(CollectionReport report, Listing listing, CancellationToken cancellationToken)
    {
        try
        {
            // What was a container's until now, its owner keeps.
            var ended = report.Released.Select(static release => release.Lease).Where(static lease => lease.Owner.IsKept).ToHashSet();
            await _kept.MendAsync([.. listing.Marked.Where(lease => !ended.Contains(lease))], cancellationToken);
            var released = report.Released.Select(static release => LeaseToken.Of(release.Lease)).ToHashSet();
            var left = listing.Unanswered.Select(lease => released.Contains(LeaseToken.Of(lease)) ? lease.Kept(time.GetUtcNow(), node: "") : lease).OfType<Lease>().ToList();
            // One that took its leave meanwhile, as for an upgrade, has leases all the same.
            await _quotas.MendAsync(
                left, node => listing.Registered.Contains(node) || _reports.Registered.Contains(node),
                async node => await store.Nodes.FindAsync(node, cancellationToken) is not null, cancellationToken);
            return report;
        }
        catch (StoreException e)
        {
            return report with { Failures = [.. report.Failures, e.Message] };
        }
    }

    /// <summary>Takes nodes out of the registry that have gone from the cluster and have nothing left here: else it would grow with each node that ever was.</summary>
    private async Task<CollectionReport> ForgetAsync(
        CollectionReport report, IReadOnlyDictionary<string, string> nodes, HashSet<string> inUse, Func<bool> mayForget, CancellationToken cancellationToken)
    {
        var gone = nodes.Count == 0 ? [] : _reports.SilentFor(_reports.Silence + options.Grace).Where(entry => options.Means(entry.Node) && !nodes.ContainsKey(entry.Node) && !inUse.Contains(entry.Node));
        try
        {
            foreach (var entry in gone.TakeWhile(_ => mayForget()))
                await store.Nodes.ForgetAsync(entry, cancellationToken);
            return report;
        }
        catch (StoreException e)
        {
            return report with { Failures = [.. report.Failures, e.Message] };
        }
    }

    private async Task<CollectionReport> ReleaseAsync(
        CollectionReport report, FreshLook look, IReadOnlyList<BlockId> emptyBlocks, Func<string, bool> isGone, Func<bool> mayRelease, CancellationToken cancellationToken)
    {
        var (released, failures, refused) = (new List<LeakRelease>(), new List<string>(report.Failures), new List<PassRefusal>(report.Refusals));
        var due = report.Due.ToLookup(static release => BlockId.Of(release.Lease.Space, release.Lease.Address));
        var isCutShort = false;
        foreach (var block in due.Select(static releases => releases.Key).Concat(emptyBlocks))
        {
            try
            {
                var confirmed = new List<LeakRelease>();
                foreach (var release in due[block])
                {
                    var isKept = release.Lease.Owner.IsKept;
                    var found = release.Lease.Owner.IsConflict ? release.Evidence
                        : isKept ? await _kept.LookAgainAsync(release, cancellationToken)
                        : await look.AtAsync(release, cancellationToken);
                    if (isKept ? _kept.Confirm(release, found) : _reconciler.Confirm(release, found))
                        confirmed.Add(release);
                    else
                        refused.Add(new PassRefusal(RefusedRelease.FreshLook, release.Source, 1, $"{release.Lease.Address} of {release.Lease.Owner}: {found.Finding}"));
                }
                var ended = await _releases.ReleaseAsync(block, [.. confirmed.Select(End)], isGone, mayRelease, cancellationToken);
                isCutShort = ended is null;
                if (isCutShort)
                    break;
                released.AddRange(confirmed.Where(release => ended!.Any(end => end.Lease.IsSameAs(release.Lease))));
                confirmed.ForEach(release => _reconciler.Forget(release.Lease));
                confirmed.ForEach(release => _kept.Forget(release.Lease));
            }
            catch (StoreException e)
            {
                failures.Add(e.Message);
            }
        }
        return report with
        {
            Released = released,
            Failures = failures,
            Refusals = refused,
            IsCutShort = isCutShort,
            Suspects = [.. _reconciler.Suspects, .. _kept.Suspects],
        };
    }

    private EndedLease End(LeakRelease release) => new(
        release.Lease, new ReleaseReason(release.Lease.Owner.IsContainer ? ReleaseCause.Reconciliation : ReleaseCause.Expiry, options.By, release.Because));

    /// <param name="Uids">The UIDs of all nodes, by name.</param>
    /// <param name="Reading">The same as evidence.</param>
    private sealed record NodeList(IReadOnlyDictionary<string, string> Uids, Reading Reading);

    /// <summary>What a listing of the blocks comes to.</summary>
    private sealed class Listing
    {
        /// <summary>The nodes that had an entry in the registry when the blocks were read.</summary>
        public required IReadOnlySet<string> Registered { get; init; }

        public int All { get; set; }

        public int Unwatched { get; set; }

        /// <summary>The nodes that have leases or blocks.</summary>
        public HashSet<string> Nodes { get; } = new(StringComparer.Ordinal);

        /// <summary>The leases of nodes that nobody answers for.</summary>
        public List<Lease> Leases { get; } = [];

        /// <summary>The leases of pods on nodes that have no entry in the registry.</summary>
        public List<Lease> Unanswered { get; } = [];

        /// <summary>The leases that belong to sticky owners.</summary>
        public List<Lease> Marked { get; } = [];

        /// <summary>The address conflicts that nobody has ended although their time is over.</summary>
        public List<Lease> Over { get; } = [];

        /// <summary>Blocks of such nodes.</summary>
        public List<NodeBlock> Blocks { get; } = [];

        public List<DamagedBlock> Damaged { get; } = [];
    }
}
