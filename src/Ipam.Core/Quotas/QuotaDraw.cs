using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Quotas;

/// <summary>Shares of quotas that somebody took who asks for addresses. Dispose it when he has his answer: what he didn't need is given back. Not thread-safe.</summary>
/// <param name="owner">Who asks.</param>
public sealed class QuotaDraw(Owner owner) : IDisposable
{
    private readonly List<Taken> _taken = [];
    private readonly Dictionary<string, string> _obstacles = new(StringComparer.Ordinal);
    private AllocationOutcome.Allocated? _answer;

    /// <summary>Why pools hand out nothing to him, by their names: their quota is used up.</summary>
    public IReadOnlyDictionary<string, string> Obstacles => _obstacles;

    /// <summary>What he got.</summary>
    public void Got(AllocationOutcome.Allocated answer) => _answer = answer;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (share, count) in _taken)
        {
            // Those that he had before, or took over from another, needed no share.
            var isAllUsed = _answer is { Replayed: false } answer && answer.Addresses.Count(address => address.Range.Pool == share.Key.Pool && address.Lease.Sticky is null) == count;
            share.Return(owner, count, isAllUsed);
            share.Leave();
        }
        _taken.Clear();
    }

    /// <summary>Takes a share that was entered, which is left again whatever becomes of it.</summary>
    internal async Task TakeAsync(QuotaShare share, QuotaScope scope, int count, CancellationToken cancellationToken)
    {
        var place = _taken.Count;
        _taken.Add(new Taken(share, 0));
        var verdict = await share.TakeAsync(scope, owner, count, cancellationToken);
        if (verdict.IsGranted)
            _taken[place] = new Taken(share, count);
        else
            _obstacles.Add(share.Key.Pool, verdict.Text(share.Key));
    }

    private readonly record struct Taken(QuotaShare Share, int Count);
}
