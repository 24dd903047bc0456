using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Core.GarbageCollection;

/// <summary>
/// Finds the addresses that are kept for nobody any more: the cluster had no such owner in two readings, their time is over, or their owner has others. None is released that a pod has.
/// Beside that, records of sticky owners are mended by what the blocks say. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class KeptLeases(IIpamStore store, CollectorOptions options, TimeProvider time)
{
    private const string OfOwners = "sticky owners";
    private const string OfTime = "kept addresses";
    private const string OfRecords = "sticky records";

    private readonly Reconciler _reconciler = new(new ReconcilerOptions { Grace = options.Grace }, time, options.Named);
    private IReadOnlyDictionary<string, string> _records = new Dictionary<string, string>();
    private LifeSigns? _signs;

    /// <summary>Those whose owner seems to be gone.</summary>
    public IReadOnlyCollection<Suspect> Suspects => _reconciler.Suspects;

    /// <summary>When a pass may begin that can end a suspicion: a timestamp; null if there is none.</summary>
    public long? NextDue => _reconciler.NextDue;

    /// <summary>Begins a pass. To be called before the blocks are read: what a record names then, and no block has, is nobody's.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _signs = null;
        _records = await store.Sticky.ListAsync(cancellationToken);
    }

    /// <summary>What is to be released, unless <see cref="LookAgainAsync"/> says otherwise; and why it can't be said of some.</summary>
    /// <param name="marked">All leases that belong to sticky owners.</param>
    /// <param name="listedAt">When they had been listed: a timestamp.</param>
    /// <param name="mayWrite">Asked before the time of those that a machine still uses is begun anew: whether it may be.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store or the cluster failed.</exception>
    public async Task<(IReadOnlyList<LeakRelease> Due, PassReport Report, IReadOnlyList<string> Failures)> JudgeAsync(
        IReadOnlyList<Lease> marked, long listedAt, Func<bool> mayWrite, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        var kept = marked.Where(lease => lease.Owner.IsKept && Means(lease)).ToList();
        var reading = await ReadOwnersAsync(kept, failures, cancellationToken);
        var verdict = _reconciler.Judge(kept, listedAt, reading is null ? [] : [reading]);
        var now = time.GetUtcNow();
        var used = await UsedAsync(kept, mayWrite, cancellationToken);
        var over = kept.Where(lease => lease.IsOver(now) && !used.Contains(lease)).Select(static lease => Release(lease, OfTime, lease.Overtime));
        var had = marked.ToLookup(static lease => lease.StickyInterface!.ToString());
        var spare = kept.Where(lease => IsSpare(lease, had)).Select(static lease => Release(lease, OfRecords, "its owner has another address"));
        return ([.. verdict.Releases.Concat(over).Concat(spare).DistinctBy(static release => LeaseToken.Of(release.Lease))], verdict, failures);
    }

    /// <summary>A fresh look right before a release.</summary>
    /// <exception cref="StoreException">The store or the cluster failed.</exception>
    public async Task<Evidence> LookAgainAsync(LeakRelease release, CancellationToken cancellationToken)
    {
        var (lease, name) = (release.Lease, release.Lease.StickyInterface!.ToString());
        if (release.Source == OfOwners && (store.Cluster is not { } cluster || await cluster.HasAsync(lease.Sticky!.Owner, cancellationToken) is not false))
            return Evidence.Alive($"the cluster has {lease.Sticky!.Owner}");
        if (release.Source == OfRecords && StickyRecord.Parse(await store.Sticky.FindAsync(name, cancellationToken))?.Addresses.Contains(lease.Address) != false)
            return Evidence.Alive("the record names it");
        return await SignOfAsync(lease, cancellationToken) is { } sign ? Evidence.Alive(sign) : release.Evidence;
    }

    /// <summary>Whether to carry a release out, after a fresh look.</summary>
    public bool Confirm(LeakRelease release, Evidence look) => _reconciler.Confirm(release, look);

    /// <summary>The release was carried out.</summary>
    public void Forget(Lease lease) => _reconciler.Forget(lease);

    /// <summary>Deletes the records that name nothing any more, and makes those that are missing. Nothing that somebody changes meanwhile is overwritten.</summary>
    /// <param name="marked">All leases that belong to sticky owners, of whole blocks.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task MendAsync(IReadOnlyList<Lease> marked, CancellationToken cancellationToken)
    {
        var had = marked.ToLookup(static lease => lease.StickyInterface!.ToString());
        foreach (var (name, text) in _records)
        {
            if (!Names(text, had[name]).Any())
                await store.Sticky.PutAsync(name, text, null, cancellationToken);
        }
        foreach (var leases in had.Where(leases => !_records.ContainsKey(leases.Key)))
            await store.Sticky.PutAsync(leases.Key, null, StickyRecord.Of(leases.Where(lease => lease.Space == leases.First().Space).DistinctBy(static lease => lease.Entry)).ToString(), cancellationToken);
    }

    private bool Means(Lease lease) => options.Node is null && options.Named?.ContainsKey(LeaseToken.Of(lease)) != false;

    private static LeakRelease Release(Lease lease, string source, string finding) =>
        new(lease, source, Evidence.Decisive("kept", finding), finding, TimeSpan.Zero);

    /// <summary>Those of the leases that a record names.</summary>
    private static IEnumerable<Lease> Names(string text, IEnumerable<Lease> leases) => StickyRecord.Parse(text) is { } record
        ? leases.Where(lease => lease.Space == record.Space && record.Addresses.Contains(lease.Address))
        : [];

    /// <summary>Whether nobody was ever told of an address, as its container's ADD failed before the record had it: the record has another one, which its owner has.</summary>
    private bool IsSpare(Lease lease, ILookup<string, Lease> had)
    {
        var name = lease.StickyInterface!.ToString();
        return _records.TryGetValue(name, out var text) && Names(text, had[name]).ToList() is { Count: > 0 } named && !named.Contains(lease);
    }

    /// <summary>What the cluster says of the owners, each looked at by itself; null if it can't be asked.</summary>
    private async Task<Reading?> ReadOwnersAsync(List<Lease> kept, List<string> failures, CancellationToken cancellationToken)
    {
        if (store.Cluster is not { } cluster || kept.Count == 0)
            return null;
        var beganAt = time.GetTimestamp();
        var found = new Dictionary<string, bool?>(StringComparer.Ordinal);
        foreach (var owner in kept.Select(static lease => lease.Sticky!.Owner).DistinctBy(static owner => owner.ObjectText))
        {
            try
            {
                found.Add(owner.ObjectText, await cluster.HasAsync(owner, cancellationToken));
            }
            catch (StoreException e)
            {
                var failure = $"whether the owners of kept addresses are there can't be asked: {e.Message}";
                if (!failures.Contains(failure))
                    failures.Add(failure);
                // What we may not ask of one kind says nothing of the others.
                if (!e.IsRefusal)
                    return null;
            }
        }
        return new Reading(OfOwners, beganAt, time.GetTimestamp(), lease => lease.Sticky is { } mark ? Of(mark.Owner.ObjectText, found.GetValueOrDefault(mark.Owner.ObjectText)) : Evidence.Unknown);
    }

    private static Evidence Of(string name, bool? isThere) => isThere switch
    {
        true => Evidence.Alive($"the cluster has {name}"),
        false => Evidence.Gone("owner_gone", $"the cluster has no {name}"),
        null => Evidence.Unknown,
    };

    private async Task<string?> SignOfAsync(Lease lease, CancellationToken cancellationToken) =>
        (_signs ??= await LifeSigns.ReadAsync(store, time, cancellationToken)).Of(lease);

    /// <summary>
    /// Those of machines that stayed where they were: the pod that they were to move to had the address, and is gone, and the one in which they run has it all the same. The time that they
    /// have without a container hasn't begun.
    /// </summary>
    private async Task<HashSet<Lease>> UsedAsync(List<Lease> kept, Func<bool> mayWrite, CancellationToken cancellationToken)
    {
        var used = new HashSet<Lease>();
        foreach (var lease in kept.Where(lease => lease.Sticky is { Owner.Moves: true, Lasts: { } lasts } && lease.AcquiredAt + (lasts / 2) <= time.GetUtcNow()))
        {
            if (await SignOfAsync(lease, cancellationToken) is null)
                continue;
            used.Add(lease);
            if (mayWrite())
                await RenewAsync(lease, cancellationToken);
        }
        return used;
    }

    /// <summary>The time of an address that a pod has begins anew. Where others change its block, the next pass does it.</summary>
    private async Task RenewAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (await store.ReadBlocksAsync([BlockId.Of(lease.Space, lease.Address)], cancellationToken) is not [var block] || !block.Holds(lease))
            return;
        var now = time.GetUtcNow();
        var renewed = lease with { AcquiredAt = now, Sequence = block.NextSequence(now) };
        var change = new BlockChange(block.GiveBack(lease).Take(renewed) with { LastOffset = block.LastOffset }, [renewed], [new EndedLease(lease, new ReleaseReason(ReleaseCause.Replaced, options.By))]);
        await store.CommitAsync([change], cancellationToken);
    }
}
