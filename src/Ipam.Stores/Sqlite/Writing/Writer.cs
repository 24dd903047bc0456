using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.History;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Sqlite.Reading;

namespace Ipam.Stores.Sqlite.Writing;

/// <summary>
/// Writes commits, one at a time, over a connection of its own. By prepared statements: SaveChanges takes three times as long for one
/// lease, the disk included, and twelve times for 64, the disk apart.
/// </summary>
internal sealed class Writer(Statements statements, TimeSpan patience, string path, TimeProvider time) : IDisposable
{
    private readonly WriteTransaction _transaction = new(statements, patience);
    private readonly Statement _revision = statements.Prepare("""
        UPDATE store SET revision = revision + 1 WHERE ?1 IS NULL OR (identity = ?1 AND revision >= ?2) RETURNING revision
        """);
    private readonly Statement _create = statements.Prepare("""
        INSERT INTO blocks (space, base, version, node, last_sequence, last_offset, held, resting)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
        """);
    private readonly Statement _update = statements.Prepare("""
        UPDATE blocks SET version = ?3, node = ?4, last_sequence = ?5, last_offset = ?6, held = ?7, resting = ?8
        WHERE space = ?1 AND base = ?2 AND version = ?9
        """);
    private readonly Statement _delete = statements.Prepare("DELETE FROM blocks WHERE space = ?1 AND base = ?2 AND version = ?3");
    private readonly Statement _release = statements.Prepare("DELETE FROM leases WHERE space = ?1 AND address = ?2 AND sequence = ?3");
    private readonly Statement _give = statements.Prepare("""
        INSERT INTO leases (space, address, network, container_id, interface, entry, sequence, node,
            pod_namespace, pod_name, pod_uid, netns, acquired_at, cooldown)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT DO NOTHING
        """);
    private readonly Statement _leftovers = statements.Prepare("""
        SELECT count(*) FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3
        """);

    private readonly EventLog? _events = EventLog.Find(statements);

    /// <summary>Reads in the midst of a transaction, once that was needed.</summary>
    private BlockReader? _blocks;

    /// <summary>Writes all changes in one transaction, or none.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="identity">The identity that the file must have; null for any.</param>
    /// <param name="known">The revision that it must have come to.</param>
    /// <exception cref="StoreException">The file lost that past; nothing was written.</exception>
    public WriteOutcome Write(IReadOnlyList<BlockChange> changes, string? identity, long known)
    {
        var written = changes.ToArray();
        _transaction.Begin();
        try
        {
            var revision = _revision.Bind(1, identity).Bind(2, known).Numbers() is [var next]
                ? next
                : throw new StoreException($"SQLite store {path}: the file holds other or older data than it did") { IsLoss = true };
            var refusals = WriteBlocks(written, revision);
            if (refusals.Count == 0)
                refusals = WriteLeases(written);
            if (refusals.Count > 0)
                return new WriteOutcome(0, 0, written, refusals);
            var now = time.GetUtcNow();
            var pages = Pages(written) + (_events?.Add(revision, written, now, now) ?? 0);
            _transaction.Commit();
            return new WriteOutcome(revision, pages, written, []);
        }
        finally
        {
            _transaction.Undo();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => statements.Dispose();

    private List<Refusal> WriteBlocks(BlockChange[] changes, long revision)
    {
        var refusals = new List<Refusal>();
        for (var i = 0; i < changes.Length; i++)
        {
            if (WriteBlock(changes[i], revision) == 1)
                continue;
            if (Placed(changes[i]) is { } placed && WriteBlock(placed, revision) == 1)
                changes[i] = placed;
            else
                refusals.Add(new Refusal(i, null));
        }
        return refusals;
    }

    private BlockChange? Placed(BlockChange change)
    {
        if (change.Elsewhere == 0)
            return null;
        _blocks ??= new Reader(statements, path).Blocks;
        return _blocks.Read([change.Block.Id]) is [var current] ? change.PlacedIn(current) : null;
    }

    private int WriteBlock(BlockChange change, long revision)
    {
        var block = change.Block;
        var first = AddressBytes.Of(block.Id.AddressAt(0));
        if (change.Delete)
            return _delete.Bind(1, block.Id.Space).Bind(2, first).Bind(3, block.Version).Execute();

        var statement = block.Version == 0 ? _create : _update.Bind(9, block.Version);
        return statement.Bind(1, block.Id.Space).Bind(2, first).Bind(3, revision)
            .Bind(4, block.Node).Bind(5, block.LastSequence).Bind(6, block.LastOffset)
            .Bind(7, (long)block.Held).Bind(8, CoolingBytes.Of(block.Cooling)).Execute();
    }

    private List<Refusal> WriteLeases(BlockChange[] changes)
    {
        var refusals = new List<Refusal>();
        // What is taken away goes first, over all changes: an owner's lease may move from one block to another.
        for (var i = 0; i < changes.Length; i++)
        {
            foreach (var ended in changes[i].Ended)
            {
                if (!Release(ended.Lease, changes[i].Block.Id))
                    refusals.Add(new Refusal(i, null));
            }
        }
        for (var i = 0; i < changes.Length; i++)
        {
            foreach (var lease in changes[i].Added)
            {
                if (!Give(lease, changes[i].Block.Id))
                    refusals.Add(new Refusal(i, lease.Owner));
            }
            if (changes[i].Delete && !IsEmpty(changes[i].Block.Id))
                refusals.Add(new Refusal(i, null));
        }
        return refusals;
    }

    // Where the rows aren't as the block's version says, somebody edited them. They are then read anew, as after any conflict.
    private bool Release(Lease lease, BlockId block)
    {
        EnsureInside(lease, block);
        return _release.Bind(1, lease.Space).Bind(2, AddressBytes.Of(lease.Address)).Bind(3, lease.Sequence).Execute() == 1;
    }

    private bool Give(Lease lease, BlockId block)
    {
        EnsureInside(lease, block);
        return _give.Bind(1, lease.Space).Bind(2, AddressBytes.Of(lease.Address))
            .Bind(3, lease.Owner.Network).Bind(4, lease.Owner.ContainerId).Bind(5, lease.Owner.InterfaceName).Bind(6, lease.Entry)
            .Bind(7, lease.Sequence).Bind(8, lease.Node)
            .Bind(9, lease.Pod?.Namespace).Bind(10, lease.Pod?.Name).Bind(11, lease.Pod?.Uid)
            .Bind(12, lease.PlaceText).Bind(13, UnixTicks.Of(lease.AcquiredAt)).Bind(14, (long)lease.Cooldown.TotalSeconds).Execute() == 1;
    }

    private bool IsEmpty(BlockId block) => _leftovers.Bind(1, block.Space).Bind(2, AddressBytes.Of(block.AddressAt(0)))
        .Bind(3, AddressBytes.Of(block.AddressAt(BlockId.Size - 1))).Number() == 0;

    private static int Pages(IReadOnlyList<BlockChange> changes)
    {
        // The revision's; a leaf for each block and its leases; a leaf of the owners' index for each lease.
        var pages = 1;
        foreach (var change in changes)
            pages += 2 + change.Added.Count + change.Ended.Count;
        return pages;
    }

    private static void EnsureInside(Lease lease, BlockId block)
    {
        if (BlockId.Of(lease.Space, lease.Address) != block)
            throw new ArgumentException($"the lease of {lease.Address} in space '{lease.Space}' is not of block {block}, which the change is about");
    }
}

/// <summary>A reason why a commit can't be.</summary>
/// <param name="Change">Index of the change it is about.</param>
/// <param name="Owner">The owner who holds what the change would give again, or gets what another one holds; null if the block isn't as expected.</param>
internal readonly record struct Refusal(int Change, Owner? Owner);

/// <summary>What became of a commit's transaction.</summary>
/// <param name="Revision">The version that the changed blocks have now; 0 if the transaction was rolled back.</param>
/// <param name="Pages">Pages it wrote to the log, at most.</param>
/// <param name="Changes">The changes as they were written: those of blocks that others changed, as they were placed.</param>
/// <param name="Refusals">Why it was rolled back; empty if it wasn't.</param>
internal readonly record struct WriteOutcome(long Revision, int Pages, IReadOnlyList<BlockChange> Changes, IReadOnlyList<Refusal> Refusals);
