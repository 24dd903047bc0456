using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Writing;

/// <summary>Says per change what became of a commit.</summary>
internal static class CommitResults
{
    /// <summary>All changes were written.</summary>
    public static CommitResult[] Written(IReadOnlyList<BlockChange> changes, WriteOutcome outcome)
    {
        var results = new CommitResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = ReferenceEquals(outcome.Changes[i], changes[i])
                ? CommitResult.Committed(changes[i].Delete ? 0 : outcome.Revision)
                : CommitResult.Placed(outcome.Changes[i].Block with { Version = outcome.Revision });
        }
        return results;
    }

    /// <summary>No change was written; those refused come with the blocks they ran into, as they are now.</summary>
    public static CommitResult[] Refused(IReadOnlyList<BlockChange> changes, IReadOnlyList<Refusal> refusals, Reader reader)
    {
        var results = new CommitResult[changes.Count];
        Array.Fill(results, CommitResult.Aborted);
        foreach (var refused in refusals.GroupBy(refusal => refusal.Change))
        {
            var blocks = new HashSet<BlockId> { changes[refused.Key].Block.Id };
            var nameless = new List<DamagedBlock>();
            foreach (var owner in refused.Select(refusal => refusal.Owner).OfType<Owner>().Distinct())
            {
                var held = reader.Leases.Of(owner);
                blocks.UnionWith(held.Select(static lease => BlockId.Of(lease.Space, lease.Address)).Concat(held.Damaged.Select(static block => block.Id).OfType<BlockId>()));
                nameless.AddRange(held.Damaged.Where(static block => block.Id is null));
            }
            var current = reader.Blocks.Read(blocks);
            results[refused.Key] = CommitResult.Conflict(new Found<Block>(current.Whole, [.. current.Damaged, .. nameless]));
        }
        return results;
    }
}
