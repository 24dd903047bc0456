using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Writes the leases of a node, and static ones in blocks that it remembers, which were durable once, into a store that lost data, by compare-and-swap. It never overwrites a lease of anybody else. It
/// releases again what was over before and an older copy brought back.
/// </summary>
internal sealed class Reassertion(IIpamStore store, DurableBlocks durable, string node, TimeProvider time, TimeSpan timeout, Random random)
{
    private const int BlocksAtOnce = 64;
    private const int MostAttempts = 64;
    private const string SetBack = "the node had released it before the store was set back";

    private const string Followed = "it was over before the store was set back: its address had been given to a younger lease";

    private readonly HashSet<LeaseToken> _leftOut = [];
    private readonly List<LeaseConflict> _conflicts = [];

    /// <summary>Blocks whose leases are asserted one by one, because one of them runs into a damaged block.</summary>
    private readonly HashSet<BlockId> _oneByOne = [];

    private int _asserted;
    private int _released;
    private int _gone;
    private bool _wentBack;

    /// <summary>Whether nobody has handed out anything since the loss: an older lease in the place of one of the node's was over before it, then.</summary>
    public bool EndsOlder { get; init; }

    /// <summary>Ends leases that nobody was told of, where the store has them, and leaves them out of what is asserted.</summary>
    /// <exception cref="StoreException">The store failed. To be repeated.</exception>
    public async Task EndAsync(IReadOnlyCollection<Lease> leases, CancellationToken cancellationToken)
    {
        foreach (var lease in leases)
        {
            _leftOut.Add(LeaseToken.Of(lease));
            await EndAsync(lease, new ReleaseReason(ReleaseCause.GivenBack, node), cancellationToken);
        }
    }

    /// <summary>Asserts all leases of the node that were durable.</summary>
    /// <exception cref="StoreException">The store failed. To be repeated; what was written stays.</exception>
    public async Task<ReassertionReport> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in durable.All.ToArray().Chunk(BlocksAtOnce))
            await AssertAsync(chunk, cancellationToken);
        return new ReassertionReport(_asserted, _released, _conflicts) { IsOfOneBlock = !_wentBack && _gone <= 1 };
    }

    private async Task AssertAsync(Block[] known, CancellationToken cancellationToken)
    {
        var open = known.ToDictionary(static block => block.Id);
        for (var attempt = 0; open.Count > 0; attempt++)
        {
            if (attempt == MostAttempts)
                throw GaveUp(attempt);
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var current = await ReadAsync(open, isFirst: attempt == 0, cancellationToken);
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
                    await LearnAsync(changes[i], results[i], cancellationToken);
                if (results[i].Status != CommitStatus.Committed)
                    continue;
                _asserted += changes[i].Added.Count;
                _released += changes[i].Ended.Count;
            }
        }
    }

    /// <summary>The blocks as they are. What is in a damaged block stays there, and nothing is handed out from it: those are left alone.</summary>
    private async Task<Dictionary<BlockId, Block>> ReadAsync(Dictionary<BlockId, Block> open, bool isFirst, CancellationToken cancellationToken)
    {
        var found = await CallAsync(token => store.ReadBlocksAsync(open.Keys, token), cancellationToken);
        foreach (var id in found.Damaged.Select(static damage => damage.Id).OfType<BlockId>())
            open.Remove(id);
        var current = found.ToDictionary(static block => block.Id);
        foreach (var block in open.Values)
        {
            if (!isFirst)
                break;
            if (!current.TryGetValue(block.Id, out var now))
                _gone += block.Leases.Any(durable.IsOurs) ? 1 : 0;
            else
                _wentBack |= now.Version < block.Version;
        }
        return current;
    }

    /// <summary>The change that brings the node's leases into the block; null if there is nothing to do.</summary>
    private BlockChange? ToChange(Block known, Block? current)
    {
        var block = current ?? new Block(known.Id, []) { Node = known.Node, LastOffset = known.LastOffset };
        var lastSequence = Math.Max(block.LastSequence, known.LastSequence);
        var ended = new List<EndedLease>();
        foreach (var lease in block.Leases)
        {
            if (WhyOver(lease, known) is { } why)
                ended.Add(new EndedLease(lease, new ReleaseReason(ReleaseCause.Reconciliation, node, why)));
        }
        foreach (var (lease, _) in ended)
            block = block.GiveBack(lease);
        var added = new List<Lease>();
        foreach (var lease in known.Leases)
        {
            if (!IsToAssert(lease) || block.Holds(lease))
                continue;
            if (block.LeaseOf(lease.Address) is { } other)
                Refuse(lease, other);
            else if (added.Count == 0 || !_oneByOne.Contains(known.Id))
                added.Add(lease);
        }
        foreach (var lease in added)
            block = block.Take(lease);
        return added.Count == 0 && ended.Count == 0
            ? null
            : new BlockChange(block with { LastSequence = lastSequence, Cooling = Cooling(known, block) }, added, ended)
            {
                Origin = new BeginReason(BeginCause.Reassertion, node),
            };
    }

    /// <summary>Why a lease that the store has was over before the store was set back; null if that isn't known.</summary>
    private string? WhyOver(Lease lease, Block known)
    {
        if (lease.Node == node && lease.Sequence <= known.LastSequence && !known.Holds(lease))
            return SetBack;
        return EndsOlder && known.LeaseOf(lease.Address) is { } younger && younger.Sequence > lease.Sequence && IsToAssert(younger) ? Followed : null;
    }

    private bool IsToAssert(Lease lease) => (durable.IsOurs(lease) || lease.Owner.IsStatic) && !_leftOut.Contains(LeaseToken.Of(lease));

    private static CoolingAddress[] Cooling(Block known, Block block) =>
    [
        .. known.Cooling.Where(address => ((block.Held | block.CoolingBits) >> address.Offset & 1) == 0)
            .Concat(block.Cooling).OrderBy(static address => address.Offset),
    ];

    /// <summary>
    /// Where an owner holds another address for the same entry, that is a conflict as well. It is none if this node had released that one before the store
    /// was set back.
    /// </summary>
    private async Task LearnAsync(BlockChange change, CommitResult result, CancellationToken cancellationToken)
    {
        foreach (var other in result.Current.SelectMany(static block => block.Leases).ToArray())
        {
            if (change.Added.FirstOrDefault(lease => lease.Owner == other.Owner && lease.Entry == other.Entry && !lease.IsSameAs(other)) is not { } lease)
                continue;
            var isReleased = other.Node == node && durable.Find(BlockId.Of(other.Space, other.Address))?.Holds(other) != true;
            if (isReleased && await EndAsync(other, new ReleaseReason(ReleaseCause.Reconciliation, node, SetBack), cancellationToken))
                _released++;
            else if (!isReleased)
                Refuse(lease, other);
        }
        if (!result.Current.Damaged.Any(damage => damage.Id != change.Block.Id))
            return;
        if (change.Added.Count == 1)
            Refuse(change.Added[0], null);
        else
            _oneByOne.Add(change.Block.Id);
    }

    /// <summary>Ends one lease where the store has it; false if it hasn't.</summary>
    private async Task<bool> EndAsync(Lease lease, ReleaseReason reason, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var found = await CallAsync(token => store.ReadBlocksAsync([BlockId.Of(lease.Space, lease.Address)], token), cancellationToken);
            if (found is not [var block] || block.Leases.FirstOrDefault(held => held.IsPlacedFrom(lease)) is not { } held)
                return false;
            var change = new BlockChange(block.GiveBack(held), [], [new EndedLease(held, reason)]);
            if ((await CallAsync(token => store.CommitAsync([change], token), cancellationToken))[0].Status == CommitStatus.Committed)
                return true;
        }
        throw GaveUp(MostAttempts);
    }

    private void Refuse(Lease lease, Lease? other)
    {
        // An admin may have released a static lease since the block was read: others needn't wait for what becomes of it.
        if (_leftOut.Add(LeaseToken.Of(lease)) && !lease.Owner.IsStatic)
            _conflicts.Add(new LeaseConflict(lease, other));
    }

    private StoreException GaveUp(int attempts) =>
        new($"gave up after {attempts} attempts to assert leases: others keep changing the same blocks in {store.Description}; it will be tried again");

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreCall.WithTimeoutAsync(store.Description, timeout, time, call, cancellationToken);
}

/// <summary>What came of asserting leases.</summary>
/// <param name="Asserted">How many leases the store has again.</param>
/// <param name="Released">How many leases were released again.</param>
/// <param name="Conflicts">Leases that the store can't have again, because another lease is in their place.</param>
public sealed record ReassertionReport(int Asserted, int Released, IReadOnlyList<LeaseConflict> Conflicts)
{
    /// <summary>Whether at most one of the node's blocks was gone, and none was older than before.</summary>
    public bool IsOfOneBlock { get; init; }
}

/// <summary>Two leases of one address, or of one owner's entry.</summary>
/// <param name="Lost">The lease of this node, which the store lost.</param>
/// <param name="Found">The lease that the store has in its place; null if that is in a damaged block.</param>
public sealed record LeaseConflict(Lease Lost, Lease? Found);
