using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Text;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>
/// Reads blocks with their leases, each at one instant. By prepared statements: a compiled EF Core query without tracking takes
/// twice the time for 100,000 leases, and all their names are strings of their own then.
/// </summary>
internal sealed class BlockReader(Statements statements, LeaseReader leases, StringPool strings, string path)
{
    private const string Columns = "base, node, version, last_sequence, last_offset, resting, held";

    private readonly Statement _spaces = statements.Prepare("SELECT DISTINCT space FROM blocks");
    private readonly Statement _summaries = statements.Prepare("SELECT space, base, version, node, held FROM blocks WHERE ?1 IS NULL OR space = ?1");
    private readonly Statement _one = statements.Prepare($"SELECT {Columns} FROM blocks WHERE space = ?1 AND base = ?2");
    private readonly Statement _revision = statements.Prepare("SELECT revision FROM store");
    private readonly Statement _page = statements.Prepare($"""
        SELECT {Columns} FROM blocks WHERE space = ?1 AND base > ?2 ORDER BY base LIMIT ?3
        """);

    /// <summary>The names of all spaces that have blocks, in ordinal order. What is no name is damaged, with all of its blocks.</summary>
    public Found<string> Spaces()
    {
        var damaged = new List<DamagedBlock>();
        var spaces = new List<string>();
        _spaces.Each(row =>
        {
            try
            {
                spaces.Add(strings.Get(row.Bytes(0)));
            }
            catch (ArgumentException e)
            {
                damaged.Add(SqliteErrors.Damaged(path, null, $"the space X'{Convert.ToHexString(row.Bytes(0))}' of the table blocks", e));
            }
        });
        spaces.Sort(StringComparer.Ordinal);
        return new Found<string>(spaces, damaged);
    }

    /// <summary>
    /// The blocks that are meant, without their leases. Leases are looked at only in blocks of other nodes than the one meant, and there
    /// are such blocks only where several nodes share the file.
    /// </summary>
    public Found<BlockSummary> Summaries(BlockFilter filter)
    {
        _summaries.Bind(1, filter.Space);
        var damaged = new List<DamagedBlock>();
        var found = new List<BlockSummary>();
        _summaries.Each(row =>
        {
            BlockId? id = null;
            try
            {
                id = AddressBytes.ReadBlock(strings.Get(row.Bytes(0)), row.Bytes(1));
                var node = NodeOf(row, 3);
                if (IsMeant(filter.Node, id.Value, node))
                    found.Add(new BlockSummary(id.Value, row.Integer(2), node, (ulong)row.Integer(4)));
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                damaged.Add(Damaged(id, row.Bytes(1), e));
            }
        });
        var revision = _revision.Number();
        foreach (var early in found.Where(block => block.Version > revision))
            damaged.Add(Damaged(early.Id, [], Early(early.Version, revision)));
        found.RemoveAll(block => block.Version > revision);
        return new Found<BlockSummary>(found, damaged);
    }

    /// <summary>The next blocks of a space behind <paramref name="last"/>, or from the first, all of one instant.</summary>
    /// <param name="space">The space.</param>
    /// <param name="node">The node to which they shall matter; null for all.</param>
    /// <param name="last">The key of the row to go on behind.</param>
    /// <param name="most">How many to look at.</param>
    public BlockPage Page(string space, string? node, byte[]? last, int most)
    {
        _page.Bind(1, space).Bind(2, last ?? []).Bind(3, most);
        var count = 0;
        var blocks = new List<Block>();
        var damaged = new List<DamagedBlock>();
        _page.Each(row =>
        {
            count++;
            last = row.Bytes(0).ToArray();
            BlockId? id = null;
            try
            {
                id = AddressBytes.ReadBlock(space, row.Bytes(0));
                if (IsMeant(node, id.Value, NodeOf(row, 1)))
                    blocks.Add(ReadBlock(row, id.Value));
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                damaged.Add(Damaged(id, last, e));
            }
        });
        return new BlockPage(Known(blocks, damaged), count == most ? last : null);
    }

    /// <summary>Those of the named blocks that are there.</summary>
    public Found<Block> Read(IReadOnlyCollection<BlockId> ids)
    {
        var blocks = new List<Block>(ids.Count);
        var damaged = new List<DamagedBlock>();
        foreach (var id in ids)
        {
            try
            {
                if (Read(id) is { } block)
                    blocks.Add(block);
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                damaged.Add(Damaged(id, [], e));
            }
        }
        return Known(blocks, damaged);
    }

    /// <summary>What was read, but for versions that the store hasn't come to. It is asked afterwards, as others may write meanwhile.</summary>
    private Found<Block> Known(List<Block> blocks, List<DamagedBlock> damaged)
    {
        var revision = _revision.Number();
        foreach (var early in blocks.Where(block => block.Version > revision))
            damaged.Add(Damaged(early.Id, [], Early(early.Version, revision)));
        blocks.RemoveAll(block => block.Version > revision);
        return new Found<Block>(blocks, damaged);
    }

    private static InvalidDataException Early(long version, long revision) =>
        new($"its version is {version}, and the store has come to {revision} only");

    private Block? Read(BlockId id)
    {
        _one.Bind(1, id.Space).Bind(2, AddressBytes.Of(id.AddressAt(0)));
        var found = _one.All(row => ReadBlock(row, id));
        if (found.Count > 0)
            return found[0];
        return leases.Count(id) is > 0 and var count
            ? throw new InvalidDataException($"the table leases has {count} of its leases, and the table blocks doesn't have it")
            : null;
    }

    // The leases are read while the statement that found the block still runs, so both are of one instant: SQLite ends a read when
    // its last statement ends.
    private Block ReadBlock(Statement row, BlockId id) => StoredData.EnsureWhole(
        new Block(id, leases.InBlock(id))
        {
            Node = NodeOf(row, 1),
            Version = row.Integer(2),
            LastSequence = row.Integer(3),
            LastOffset = checked((int)row.Integer(4)),
            Cooling = CoolingBytes.Read(row.Bytes(5)),
        },
        (ulong)row.Integer(6));

    private DamagedBlock Damaged(BlockId? id, ReadOnlySpan<byte> key, Exception e) => SqliteErrors.Damaged(
        path, id, id is { } known ? $"the block {known}" : $"the row of the table blocks with base X'{Convert.ToHexString(key)}'", e);

    private bool IsMeant(string? node, BlockId id, string? owner) => node is null || owner is null || owner == node || leases.AnyOf(node, id);

    private string? NodeOf(Statement row, int column) => row.IsNull(column) ? null : strings.Get(row.Bytes(column));
}

/// <summary>A part of a listing.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Last">The key of the last row looked at, which the next part begins behind; null if there is no more.</param>
internal readonly record struct BlockPage(Found<Block> Blocks, byte[]? Last);
