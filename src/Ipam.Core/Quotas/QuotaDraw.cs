using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Quotas;

/// <summary>Shares of quotas that somebody took who asks for addresses. Dispose it when he has his answer: what he didn't need is given back. Not thread-safe.</summary>
public sealed class QuotaDraw : IDisposable
{
    private readonly Owner _owner;
    private readonly string _node;
    private readonly Func<QuotaKey, QuotaShare> _enter;

    /// <summary>What counts, and what was taken of it.</summary>
    private readonly List<(QuotaScope Scope, QuotaKey Key)> _scopes = [];
    private readonly List<Taken> _taken = [];
    private readonly Dictionary<string, string> _obstacles = new(StringComparer.Ordinal);
    private AllocationOutcome.Allocated? _answer;

    /// <summary>Nothing is taken yet.</summary>
    /// <param name="owner">Who asks.</param>
    /// <param name="node">On which node.</param>
    /// <param name="enter">Gives the node's share of a quota, which is entered.</param>
    internal QuotaDraw(Owner owner, string node, Func<QuotaKey, QuotaShare> enter) => (_owner, _node, _enter) = (owner, node, enter);

    /// <summary>Why pools hand out nothing to him, by their names: their quota is used up.</summary>
    public IReadOnlyDictionary<string, string> Obstacles => _obstacles;

    /// <summary>
    /// He is about to go on with addresses that are held already. The node's share has those that weren't counted as the node's before they are: the node that has them now looks some time later, and
    /// takes them out of its own then.
    /// </summary>
    /// <param name="leases">The leases that he goes on with.</param>
    /// <param name="pod">His pod.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Stores.StoreException">The store failed.</exception>
    public async Task CoverAsync(IReadOnlyCollection<Lease> leases, PodReference? pod, CancellationToken cancellationToken)
    {
        foreach (var (scope, key) in _scopes)
        {
            var held = leases.Count(lease => scope.QuotaOf(lease with { Pod = pod }) == key && (lease.Node != _node || scope.QuotaOf(lease) != key));
            var count = held - _taken.Where(taken => taken.Share.Key == key).Sum(static taken => taken.Count);
            if (count > 0)
                await TakeAsync(scope, key, count, isHeld: true, cancellationToken);
        }
    }

    /// <summary>What he got.</summary>
    public void Got(AllocationOutcome.Allocated answer) => _answer = answer;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (share, count) in _taken)
        {
            // Those that he had before, or took over from another, needed no share.
            var isAllUsed = _answer is { Replayed: false } answer && answer.Addresses.Count(address => address.Range.Pool == share.Key.Pool && address.Lease.Sticky is null) == count;
            share.Return(_owner, count, isAllUsed);
            share.Leave();
        }
        _taken.Clear();
    }

    /// <summary>What is in a pool counts.</summary>
    internal void Add(QuotaScope scope, QuotaKey key) => _scopes.Add((scope, key));

    /// <summary>Takes so much of the quota that was added last, if it leaves room.</summary>
    internal async Task TakeAsync(int count, CancellationToken cancellationToken)
    {
        var (scope, key) = _scopes[^1];
        if (await TakeAsync(scope, key, count, isHeld: false, cancellationToken) is { IsGranted: false } verdict)
            _obstacles.Add(key.Pool, verdict.Text(key));
    }

    private async Task<QuotaVerdict> TakeAsync(QuotaScope scope, QuotaKey key, int count, bool isHeld, CancellationToken cancellationToken)
    {
        // It is left again, whatever becomes of it.
        var place = _taken.Count;
        _taken.Add(new Taken(_enter(key), 0));
        var verdict = await _taken[place].Share.TakeAsync(scope, _owner, count, isHeld, cancellationToken);
        if (verdict.IsGranted)
            _taken[place] = _taken[place] with { Count = count };
        return verdict;
    }

    private readonly record struct Taken(QuotaShare Share, int Count);
}
