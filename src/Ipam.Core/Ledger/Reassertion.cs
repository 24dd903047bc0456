using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Writes the leases of a node, which were durable once, into a store that lost data, by compare-and-swap. It never overwrites a lease. It releases
/// again what the node had released and an older copy brought back.
/// </summary>
internal sealed class Reassertion(IIpamStore store, DurableBlocks durable, string node, TimeProvider time, TimeSpan timeout, Random random)
{
    private const int BlocksAtOnce = 64;
    private const int MostAttempts = 64;

    private readonly HashSet<Lease> _refused = [];
    private int _asserted;
    private int _released;
    private readonly List<LeaseConflict> _conflicts = [];

    /// <summary>Asserts all leases of the node that were durable.</summary>
    /// <exception cref="StoreException">The store failed. To be repeated; what was written stays.</exception>
    public async Task<ReassertionReport> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in durable.All.ToArray().Chunk(BlocksAtOnce))
            await AssertAsync(chunk, cancellationToken);
        return new ReassertionReport(_asserted, _released, _conflicts);
    }

    private async Task AssertAsync(Block[] known, CancellationToken cancellationToken)
    {
        var open = known.ToDictionary(static block => block.Id);
        for (var attempt = 0; open.Count > 0; attempt++)
        {
            if (attempt == MostAttempts)
                throw new StoreException($"gave up after {attempt} attempts to assert leases: others keep changing the same blocks in {store.Description}; it will be tried again");
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var found = await CallAsync(token => store.ReadBlocksAsync(open.Keys, token), cancellationToken);
            var current = found.ToDictionary(static block => block.Id);
            // What is in a damaged block stays there, and nothing is handed out from it.
            foreach (var id in found.Damaged.Select(static damage => damage.Id).OfType<BlockId>())
                open.Remove(id);
            var changes = new List<BlockChange>();
            foreach (var block in open.Values.ToArray())
            {
                if (ToChange(block, current.GetValueOrDefault(block.Id)) is { } change)
                    changes.Add(change);
                else
                    open.Remove(block.Id);
            }
            if (changes.Count == 0)
                return;
            var results = await CallAsync(token => store.CommitAsync(changes, token), cancellationToken);
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Status == CommitStatus.Conflict)
                    RefuseOwners(changes[i], results[i]);
                if (results[i].Status != CommitStatus.Committed)
                    continue;
                open.Remove(changes[i].Block.Id);
                _asserted += changes[i].Added.Count;
                _released += changes[i].Ended.Count;
            }
        }
    }

    /// <summary>The change that brings the node's leases into the block; null if there is nothing to do.</summary>
    private BlockChange? ToChange(Block known, Block? current)
    {
        var block = current ?? new Block(known.Id, []) { Node = known.Node, LastOffset = known.LastOffset };
        var lastSequence = Math.Max(block.LastSequence, known.LastSequence);
        var (added, ended) = (new List<Lease>(), new List<EndedLease>());
        foreach (var lease in block.Leases)
        {
            if (durable.IsNameOfNode(lease.Node) && lease.Sequence <= known.LastSequence && !known.Holds(lease))
                ended.Add(new EndedLease(lease, new ReleaseReason(ReleaseCause.Reconciliation, node, "the node had released it before the store was set back")));
        }
        foreach (var (lease, _) in ended)
            block = block.GiveBack(lease);
        foreach (var lease in known.Leases)
        {
            if (!durable.IsNameOfNode(lease.Node) || _refused.Contains(lease) || block.Holds(lease))
                continue;
            if (block.LeaseOf(lease.Address) is { } other)
                Refuse(lease, other);
            else
                added.Add(lease);
        }
        foreach (var lease in added)
            block = block.Take(lease);
        if (added.Count == 0 && ended.Count == 0)
            return null;
        return new BlockChange(block with { LastSequence = lastSequence, Cooling = Cooling(known, block) }, added, ended);
    }

    private static CoolingAddress[] Cooling(Block known, Block block) =>
    [
        .. known.Cooling.Where(address => (block.Held >> address.Offset & 1) == 0 && (block.CoolingBits >> address.Offset & 1) == 0)
            .Concat(block.Cooling).OrderBy(static address => address.Offset),
    ];

    /// <summary>Where an owner holds another address for the same entry by now, that is a conflict as well.</summary>
    private void RefuseOwners(BlockChange change, CommitResult result)
    {
        foreach (var other in result.Current.SelectMany(static block => block.Leases))
        {
            if (change.Added.FirstOrDefault(lease => lease.Owner == other.Owner && lease.Entry == other.Entry && !lease.IsSameAs(other)) is { } lease)
                Refuse(lease, other);
        }
    }

    private void Refuse(Lease lease, Lease other)
    {
        if (_refused.Add(lease))
            _conflicts.Add(new LeaseConflict(lease, other));
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreCall.WithTimeoutAsync(store.Description, timeout, time, call, cancellationToken);
}

/// <summary>What came of asserting leases.</summary>
/// <param name="Asserted">How many leases the store has again.</param>
/// <param name="Released">How many leases were released again.</param>
/// <param name="Conflicts">Leases that the store can't have again, because another lease is in their place.</param>
public sealed record ReassertionReport(int Asserted, int Released, IReadOnlyList<LeaseConflict> Conflicts);

/// <summary>Two leases of one address, or of one owner's entry.</summary>
/// <param name="Lost">The lease of this node, which the store lost.</param>
/// <param name="Found">The lease that the store has in its place.</param>
public sealed record LeaseConflict(Lease Lost, Lease Found);
