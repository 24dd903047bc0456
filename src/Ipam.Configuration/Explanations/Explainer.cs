using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Administration;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Quotas;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Explanations;

/// <summary>
/// Explains by ipamd's own rules: the same code reads the configuration, looks up its pools and plans the answer. Throws <see cref="StoreException"/>. Not thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="subject">Who asks.</param>
/// <param name="givenLabels">The node's labels; null if the store is to say.</param>
/// <param name="time">The clock.</param>
public sealed class Explainer(IIpamStore store, Subject subject, IReadOnlyDictionary<string, string>? givenLabels, TimeProvider time)
{
    private readonly PodLookup _lookup = new(store.PodFacts, time);
    private readonly List<string> _notes = [];
    private readonly List<DamagedBlock> _damaged = [];
    private NodeFacts? _facts;

    /// <summary>What is worth knowing beside the explanation.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The damaged blocks that were met.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _damaged;

    /// <summary>Explains by the configuration that is the subject's.</summary>
    /// <param name="files">The configurations that there are, the first one first; none if none is known.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="UnknownNodeException">Which ranges there are depends on the node.</exception>
    public async Task<Explanation> ExplainAsync(IReadOnlyList<NetworkFile> files, CancellationToken cancellationToken)
    {
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        _facts = subject.Node.Length > 0 && store.NodeFacts is { } nodes ? await nodes.ReadNodeAsync(subject.Node, cancellationToken) : null;
        var labels = givenLabels ?? _facts?.Labels;
        var explanation = Choose(files) is { } file
            ? await ByAsync(file, catalog, labels, cancellationToken)
            : await ByPoolsAsync(catalog, labels, cancellationToken);
        return explanation with { Problems = await ProblemsAsync(cancellationToken) };
    }

    /// <summary>The one of the network that the subject is in; else the first.</summary>
    private NetworkFile? Choose(IReadOnlyList<NetworkFile> files)
    {
        var networks = subject.Held.Select(static lease => lease.Owner.Network).ToHashSet(StringComparer.Ordinal);
        var file = files.FirstOrDefault(file => networks.Contains(file.Name)) ?? (files.Count > 0 ? files[0] : null);
        var others = files.Where(other => other != file).ToList();
        if (others.Count > 0)
            _notes.Add($"there are other configurations that use ipam: {string.Join(", ", others.Select(static other => other.Path))}; --config chooses one");
        return file;
    }

    private async Task<Explanation> ByAsync(NetworkFile file, PoolCatalog catalog, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var (rows, space) = ((IReadOnlyList<RangeRow>)[], "");
        var (pools, poolsFrom, sticky) = ((IReadOnlyList<string>)[], (string?)null, (string?)null);
        Explanation Says(string answer, int? code) => new(subject, file.Name, file.Path, space, answer, code, rows) { Pools = pools, PoolsFrom = poolsFrom, Sticky = sticky };
        try
        {
            var plugin = file.Parse();
            pools = plugin.Ipam.Pools;
            var sets = (await ResolveAsync(plugin, file.Name, catalog, labels, cancellationToken)).For(plugin.Ipam.Reservation);
            space = sets.Space;
            (pools, poolsFrom) = (sets.Choice?.Pools ?? pools, plugin.Ipam.TakesPodAnnotations ? Origin(sets.Choice, pools) : null);
            var forecast = await AllocationForecast.ReadAsync(store, space, subject.Node, time, cancellationToken);
            _damaged.AddRange(forecast.Damaged);
            var held = subject.Held.Where(lease => lease.Owner.Network == file.Name && lease.Space == sets.Space).ToList();
            rows = [.. new RangeRows(sets, forecast, held).All()];
            var args = RequestedAddresses.ParseArgs("");
            var requested = RequestedAddresses.Read(plugin.Network, args);
            var entries = EntryBuilder.Build(sets.Sets, requested);
            if (held.Count == 0 && await FindStickyAsync(plugin, sets, args, cancellationToken) is { } finding)
            {
                var whose = finding.Owner;
                entries = EntryBuilder.Build(sets.Sets, [.. requested.Union(finding.Requests)]);
                var kept = await KeptAsync(whose, file.Name, sets.Space, cancellationToken);
                sticky = kept.Count == 0 ? $"{whose}, for whom no address is kept" : $"{whose}, for whom {string.Join(" and ", kept.Select(static lease => lease.Address))} is kept";
                if (kept.Count > 0 && entries.All(entry => kept.Exists(lease => entry.Fits(lease.Address))))
                    return Says($"{string.Join(" and ", kept.Where(lease => entries.Any(entry => entry.Fits(lease.Address))).Select(static lease => lease.Address))}, kept for {whose}", null);
            }
            sticky ??= held.Select(static lease => lease.Sticky?.Owner.ToString()).FirstOrDefault(static text => text is not null);
            var owner = held.Count > 0 ? held[0].Owner : new Owner(file.Name, "", "");
            return forecast.Answer(owner, entries, held) is var outcome && outcome is AllocationOutcome.Allocated allocated
                ? Says(Of(allocated, held), null)
                : throw AllocationRefusal.Of(outcome, sets);
        }
        catch (CniException e)
        {
            return Says(e.Message, e.Error.Code);
        }
    }

    private Task<StickyFinding?> FindStickyAsync(PluginConfiguration plugin, RangeSets sets, CniArgs args, CancellationToken cancellationToken) =>
        new StickyOwners(store.PodFacts, store.IpamClaims).FindAsync(new StickyAttachment(plugin, null, subject.Asking ?? new AskingPod(null), args), sets, cancellationToken);

    private async Task<List<Lease>> KeptAsync(StickyOwner owner, string network, string space, CancellationToken cancellationToken)
    {
        var kept = new List<Lease>();
        await foreach (var lease in new LeaseSearch(store).ListAsync(new LeaseFilter { Space = space, IsKept = true }, cancellationToken))
        {
            if (lease.StickyInterface is { } place && place.Owner == owner && place.Network == network)
                kept.Add(lease);
        }
        return kept;
    }

    private string Origin(PoolChoice? choice, IReadOnlyList<string> configured) => choice is not null
        ? $"{choice.Source}, in place of {string.Join(", ", configured)}"
        : $"the configuration{(subject.Asking?.Name is null ? "" : ": neither the pod nor its namespace has the annotation")}";

    private static string Of(AllocationOutcome.Allocated allocated, IReadOnlyList<Lease> held) => string.Join(" and ", allocated.Addresses.Select(address =>
        held.Any(lease => lease.IsSameAs(address.Lease)) ? $"{address.Lease.Address}, which it holds"
        : $"{(address.Range.Policy.Order == AllocationOrder.Random ? "an address" : address.Lease.Address)} of {(address.Range.Pool is { } pool ? $"pool {pool}" : address.Range.Subnet)}"));

    /// <summary>Each pool by itself, as if a configuration named it and nothing else.</summary>
    private async Task<Explanation> ByPoolsAsync(PoolCatalog catalog, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var rows = new List<RangeRow>();
        var forecasts = new Dictionary<string, AllocationForecast>(StringComparer.Ordinal);
        foreach (var pool in catalog.Pools)
        {
            if (!forecasts.TryGetValue(pool.Space, out var forecast))
            {
                forecasts[pool.Space] = forecast = await AllocationForecast.ReadAsync(store, pool.Space, subject.Node, time, cancellationToken);
                _damaged.AddRange(forecast.Damaged);
            }
            rows.AddRange(new RangeRows(await ResolveAsync(NetworkFile.OfPool(pool).Parse(), null, catalog, labels, cancellationToken), forecast, subject.Held).All());
        }
        _notes.Add("no network configuration that uses ipam is known here, so each pool is shown by itself; name one by --config, or look on the node");
        return new Explanation(subject, "", "", "", "not known without the network configuration", null, rows);
    }

    private async Task<RangeSets> ResolveAsync(
        PluginConfiguration plugin, string? network, PoolCatalog catalog, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var look = _lookup.Begin(plugin.Ipam, subject.Asking);
        var choice = await look.ChoiceAsync(cancellationToken);
        var pools = (choice?.Pools ?? plugin.Ipam.Pools).Select(catalog.FindPool).OfType<Pool>().ToList();
        if (subject.Node.Length == 0 && plugin.Ipam.WantsPodCidr)
            throw new UnknownNodeException("the ranges are the podCIDRs of the node, and the node isn't known; name it by --node");
        if (subject.Node.Length == 0 && pools.Find(static pool => !pool.NodeSelector.IsEmpty) is { } selective)
            throw new UnknownNodeException($"pool {selective.Name} is for certain nodes, and the node isn't known; name it by --node");
        foreach (var pool in labels is null ? pools.Where(static pool => pool.NodeSelector.Labels.Count > 0) : [])
            _notes.Add($"pool {pool.Name} is for nodes with certain labels, and those of node {subject.Node} aren't known to the store; give them by --node-label");
        var asker = new PoolAsker(subject.Node, labels ?? new Dictionary<string, string>()) { Network = network, Pod = subject.Asking };
        var sets = new RangeSetResolver(RangeSetResolver.UsualAffinity(store)).Resolve(
            PodCidr.Fill(plugin, subject.Node, () => store.NodeFacts is null ? null : _facts?.PodCidrs ?? []), catalog,
            await look.CompleteAsync(asker, pools, cancellationToken), choice);
        return subject.Asking?.Namespace is { } podNamespace ? sets.Without(await UsedUpAsync(sets, podNamespace, cancellationToken)) : sets;
    }

    /// <summary>The pools whose quota leaves no room, and why.</summary>
    private async Task<IReadOnlyDictionary<string, string>> UsedUpAsync(RangeSets sets, string podNamespace, CancellationToken cancellationToken)
    {
        var obstacles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (pool, count) in sets.WithQuota(podNamespace).Where(static draw => draw.Count > 0))
        {
            if (await QuotaUse.OfAsync(store, pool, podNamespace, cancellationToken) is { } use && QuotaVerdict.Of(count, use.Limit, use.Taken) is { IsGranted: false } verdict)
                obstacles.Add(pool.Name, verdict.Text(use.Quota));
        }
        return obstacles;
    }

    /// <summary>What keeps ipamd from answering, whatever the ranges have.</summary>
    private async Task<IReadOnlyList<string>> ProblemsAsync(CancellationToken cancellationToken)
    {
        var standing = await StoreStanding.ReadAsync(store, cancellationToken);
        var problems = new List<string>();
        var missing = string.Join(", ", standing.Missing);
        if (missing.Length > 0)
            problems.Add($"the store lost data, and nothing is handed out until the leases of {missing} are there again, or 'ipamctl store accept'");
        if (standing.Stopped.Contains(subject.Node))
            problems.Add($"ipamd is stopped on node {subject.Node}");
        else if (subject.Node.Length > 0 && store.IsSharedByNodes && standing.Nodes.All(node => node.Node != subject.Node))
            problems.Add($"ipamd of node {subject.Node} has not registered with the store: it doesn't run there, or under another name ('ipamctl node list')");
        return problems;
    }
}
