using Ipam.Core.Blocks;
using Ipam.Stores.Redis.Identity;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Commits;

/// <summary>Writes the changes of one space as the commit script wants them.</summary>
internal static class CommitRequest
{
    /// <summary>The request.</summary>
    /// <param name="keys">The space's keys.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="expected">The past that the space must keep.</param>
    /// <param name="history">What is to be kept of which leases there were.</param>
    /// <param name="moreSets">Sets that the script asked for, beside those that it certainly changes.</param>
    /// <exception cref="ArgumentException">A lease is of another block than its change.</exception>
    public static Request Of(SpaceKeys keys, IReadOnlyList<BlockChange> changes, SpacePast expected, HistoryArguments history, IReadOnlyList<RedisKey> moreSets)
    {
        var request = Request.Of(Script.Commit, [keys.Revision, keys.Heads, keys.Leases, keys.Owners, keys.Index, Identity(keys, expected), .. ChangedSets(keys, changes), .. history.KeysOf(keys, changes), .. moreSets]);
        try
        {
            request.Add(keys.NodePrefix);
            request.Add(expected.Identity);
            request.Add(expected.Revision);
            history.Write(request);
            foreach (var change in changes)
                Write(change, history, request);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    // While a cluster moves a slot, a key that isn't there may be anywhere: only what is needed is named.
    private static RedisKey Identity(SpaceKeys keys, SpacePast expected) => expected.Identity.Length > 0 ? keys.Identity : keys.Revision;

    // A block's sets change when it comes, when it goes, and with leases handed out on other nodes. Whether it changes its node only the
    // server knows.
    private static HashSet<RedisKey> ChangedSets(SpaceKeys keys, IReadOnlyList<BlockChange> changes)
    {
        HashSet<RedisKey> sets = [];
        foreach (var change in changes)
        {
            var node = change.Block.Node;
            if (change.Block.Version == 0 || change.Delete)
                sets.Add(keys.Node(node));
            if (node is null)
                continue;
            foreach (var lease in change.Added)
                AddOther(lease);
            foreach (var (lease, _) in change.Ended)
                AddOther(lease);

            void AddOther(Lease lease)
            {
                if (lease.Node != node)
                    sets.Add(keys.Node(lease.Node));
            }
        }
        return sets;
    }

    private static void Write(BlockChange change, HistoryArguments history, Request request)
    {
        var block = change.Block;
        AddressKey.Write(block.Id.AddressAt(0), request);
        request.End();
        request.Add(block.Version);
        request.Write(HeldBefore(change), "x16");
        request.End();
        request.Add(change.Delete ? 1 : 0);
        request.Write(change.Elsewhere, "x16");
        request.End();
        request.Add(change.IsFence ? 1 : 0);
        BlockHead.WriteWithoutVersion(block, request);
        request.End();
        request.Add(change.Ended.Count);
        foreach (var (lease, reason) in change.Ended)
        {
            WriteWhere(lease, request);
            WriteToken(lease, request);
            history.WriteEnd(lease, reason, request);
        }
        request.Add(change.Added.Count);
        foreach (var lease in change.Added)
        {
            WriteWhere(lease, request);
            request.Add(lease.Entry);
            WriteToken(lease, request);
            var beforeSequence = LeaseText.Write(lease, request);
            request.End();
            request.Add(beforeSequence);
            history.WriteBegin(lease, change, request);
        }
    }

    private static void WriteWhere(Lease lease, Request request)
    {
        AddressKey.Write(lease.Address, request);
        request.End();
        SpaceKeys.Write(lease.Owner, request);
        request.End();
    }

    private static void WriteToken(Lease lease, Request request)
    {
        request.Write(lease.Entry);
        request.Write(":"u8);
        AddressKey.Write(lease.Address, request);
        request.Write(":"u8);
        request.Write(lease.Sequence);
        request.Write(";"u8);
        request.End();
    }

    /// <summary>The bits that the block in the store must have for the change to make sense.</summary>
    private static ulong HeldBefore(BlockChange change)
    {
        var (added, ended) = (0UL, 0UL);
        foreach (var lease in change.Added)
            added |= BitOf(lease, change.Block.Id);
        foreach (var (lease, _) in change.Ended)
            ended |= BitOf(lease, change.Block.Id);
        return (change.Block.Held & ~added) | ended;
    }

    private static ulong BitOf(Lease lease, BlockId block) => BlockId.Of(lease.Space, lease.Address) == block
        ? 1UL << BlockId.OffsetOf(lease.Address)
        : throw new ArgumentException($"the lease of {lease.Address} in space '{lease.Space}' is not of block {block}, which the change is about");
}
