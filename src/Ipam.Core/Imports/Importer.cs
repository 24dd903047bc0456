using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Imports;

/// <summary>
/// Takes addresses over by compare-and-swap: what others get meanwhile stays theirs. Killed at any instant and run again, with a new plan, it ends the same. Not thread-safe.
/// </summary>
/// <param name="store">The store, open. Services may use it at the same time.</param>
/// <param name="by">Who does it.</param>
/// <param name="time">The clock for sequences, and for pauses between tries.</param>
/// <param name="random">Spreads these pauses.</param>
public sealed class Importer(IIpamStore store, string by, TimeProvider time, Random random)
{
    /// <summary>How often a change is tried while others change the same blocks.</summary>
    public const int MaxAttempts = 20;

    /// <summary>Blocks of one commit: at most 4,096 leases.</summary>
    private const int AtOnce = 64;

    private readonly List<Lease> _taken = [];
    private readonly Dictionary<FoundAddress, string> _refused = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes over what a plan says.</summary>
    /// <param name="plan">The plan of a network.</param>
    /// <param name="isAllOrNothing">Whether what was taken is given back if something can't be taken.</param>
    /// <param name="progress">Is told the number of addresses taken so far.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What became of each address.</returns>
    /// <exception cref="StoreException">The store failed. A part may be taken, and goes on being so when it is run again.</exception>
    public async Task<NetworkPlan> TakeAsync(NetworkPlan plan, bool isAllOrNothing, Action<int> progress, CancellationToken cancellationToken)
    {
        if (plan.Blocker is { } blocker)
            return plan.Leave($"nothing of network {plan.Name} is taken, because of {blocker.Found.Where}");
        _taken.Clear();
        _refused.Clear();
        // What was handed out last gets the highest sequence.
        var wanted = plan.Of(ImportState.Take).OrderBy(static planned => planned.Found.IsLast).GroupBy(static planned => BlockId.Of(planned.Lease!.Space, planned.Lease.Address)).ToList();
        foreach (var some in wanted.OrderBy(static block => block.Any(static planned => planned.Found.IsLast)).Chunk(AtOnce))
        {
            await TakeAsync(some.ToDictionary(static block => block.Key, static block => block.ToList()), isAllOrNothing, cancellationToken);
            if (isAllOrNothing && _refused.Count > 0)
            {
                await GiveBackAsync(cancellationToken);
                return plan with { Addresses = [.. plan.Done(_refused).Addresses.Select(Left)] };
            }
            progress(_taken.Count);
        }
        return plan.Done(_refused);
    }

    private PlannedAddress Left(PlannedAddress planned) => planned.State == ImportState.Taken
        ? planned with { State = ImportState.Left, Because = $"given back, because of {_refused.Keys.First().Where}" }
        : planned;

    private async Task TakeAsync(Dictionary<BlockId, List<PlannedAddress>> wanted, bool isAllOrNothing, CancellationToken cancellationToken)
    {
        for (var attempt = 0; wanted.Count > 0; attempt++)
        {
            if (attempt == MaxAttempts)
            {
                foreach (var planned in wanted.Values.SelectMany(static some => some))
                    _refused[planned.Found] = "others changed its block at every try";
                return;
            }
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            var changes = await ChangesAsync(wanted, cancellationToken);
            if (isAllOrNothing && _refused.Count > 0)
                return;
            var results = changes.Count == 0 ? [] : await store.CommitAsync(changes, cancellationToken);
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Status != CommitStatus.Committed)
                    continue;
                _taken.AddRange(changes[i].Added);
                wanted.Remove(changes[i].Block.Id);
            }
        }
    }

    /// <summary>The changes that take what is still wanted; takes out of it what is there, and what others have.</summary>
    private async Task<List<BlockChange>> ChangesAsync(Dictionary<BlockId, List<PlannedAddress>> wanted, CancellationToken cancellationToken)
    {
        var found = await store.ReadBlocksAsync(wanted.Keys, cancellationToken);
        if (found.Damaged is [var damage, ..])
            throw StoreException.About("take addresses over", damage);
        var blocks = found.ToDictionary(static block => block.Id);
        var changes = new List<BlockChange>();
        foreach (var (id, some) in wanted.ToList())
        {
            var block = blocks.GetValueOrDefault(id) ?? new Block(id, []);
            var added = new List<Lease>();
            foreach (var planned in some.ToList())
            {
                if (block.LeaseOf(planned.Lease!.Address) is { } held)
                {
                    some.Remove(planned);
                    if (!planned.Found.IsHeldBy(held))
                        _refused[planned.Found] = $"it was given to {held.Owner} meanwhile";
                    continue;
                }
                var lease = planned.Lease with { Sequence = block.NextSequence(time.GetUtcNow()) };
                block = block.Take(lease);
                added.Add(lease);
            }
            if (added.Count == 0)
                wanted.Remove(id);
            else
                changes.Add(new BlockChange(block, added, []) { Origin = new BeginReason(BeginCause.Import, by) });
        }
        return changes;
    }

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        var reason = new ReleaseReason(ReleaseCause.GivenBack, by, "its network could not be taken over");
        foreach (var taken in _taken.GroupBy(static lease => BlockId.Of(lease.Space, lease.Address)))
        {
            for (var attempt = 0; ; attempt++)
            {
                await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
                var found = await store.ReadBlocksAsync([taken.Key], cancellationToken);
                if (found.Damaged is [var damage, ..])
                    throw StoreException.About("give addresses back", damage);
                var block = found.SingleOrDefault();
                var held = block is null ? [] : taken.Where(block.Holds).ToList();
                if (held.Count == 0)
                    break;
                var change = new BlockChange(
                    held.Aggregate(block!, static (rest, lease) => rest.GiveBack(lease)), [], held.ConvertAll(lease => new EndedLease(lease, reason)));
                if ((await store.CommitAsync([change], cancellationToken))[0].Status == CommitStatus.Committed)
                    break;
                if (attempt == MaxAttempts)
                    throw new StoreException($"{store.Description}: others changed the block {taken.Key} at every try, so that not all addresses were given back.");
            }
        }
        _taken.Clear();
    }
}
