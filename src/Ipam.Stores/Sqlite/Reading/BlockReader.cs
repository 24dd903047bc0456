using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Text;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>
/// Reads blocks with their leases, each at one instant. By prepared statements: a compiled EF Core query without tracking takes
/// twice the time for 100,000 leases, and all their names are strings of their own then.
/// </summary>
internal sealed class BlockReader(SqliteConnection connection, LeaseReader leases, StringPool strings) : IDisposable
{
    private const string Columns = "base, node, version, last_sequence, last_offset, resting";

    private readonly Statement _spaces = new(connection, "SELECT DISTINCT space FROM blocks");
    private readonly Statement _summaries = new(connection, "SELECT space, base, version, node, held FROM blocks WHERE ?1 IS NULL OR space = ?1");
    private readonly Statement _one = new(connection, $"SELECT {Columns} FROM blocks WHERE space = ?1 AND base = ?2");
    private readonly Statement _page = new(connection, $"""
        SELECT {Columns} FROM blocks WHERE space = ?1 AND base > ?2 ORDER BY base LIMIT ?3
        """);

    /// <summary>The names of all spaces that have blocks, in ordinal order.</summary>
    public List<string> Spaces()
    {
        var spaces = _spaces.All(row => strings.Get(row.Bytes(0)));
        spaces.Sort(StringComparer.Ordinal);
        return spaces;
    }

    /// <summary>
    /// The blocks that are meant, without their leases. Leases are looked at only in blocks of other nodes than the one meant, and there
    /// are such blocks only where several nodes share the file.
    /// </summary>
    public List<BlockSummary> Summaries(BlockFilter filter)
    {
        _summaries.Bind(1, filter.Space);
        var found = _summaries.All<BlockSummary?>(row =>
        {
            var id = BlockId.Of(strings.Get(row.Bytes(0)), AddressBytes.Read(row.Bytes(1)));
            var node = NodeOf(row, 3);
            return IsMeant(filter.Node, id, node) ? new BlockSummary(id, row.Integer(2), node, (ulong)row.Integer(4)) : null;
        });
        return found.OfType<BlockSummary>().ToList();
    }

    /// <summary>The next blocks of a space behind <paramref name="last"/>, or from the first, all of one instant.</summary>
    /// <param name="space">The space.</param>
    /// <param name="node">The node to which they shall matter; null for all.</param>
    /// <param name="last">The block to go on behind.</param>
    /// <param name="most">How many to look at.</param>
    public BlockPage Page(string space, string? node, BlockId? last, int most)
    {
        _page.Bind(1, space).Bind(2, last is { } behind ? AddressBytes.Of(behind.AddressAt(0)) : []).Bind(3, most);
        BlockId? seen = null;
        var found = _page.All(row =>
        {
            var id = BlockId.Of(space, AddressBytes.Read(row.Bytes(0)));
            seen = id;
            return IsMeant(node, id, NodeOf(row, 1)) ? ReadBlock(row, id) : null;
        });
        return new BlockPage(found.OfType<Block>().ToList(), found.Count == most ? seen : null);
    }

    /// <summary>Those of the named blocks that are there.</summary>
    public List<Block> Read(IReadOnlyCollection<BlockId> ids)
    {
        var blocks = new List<Block>(ids.Count);
        foreach (var id in ids)
        {
            _one.Bind(1, id.Space).Bind(2, AddressBytes.Of(id.AddressAt(0)));
            blocks.AddRange(_one.All(row => ReadBlock(row, id)));
        }
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_spaces, _summaries, _one, _page])
            statement.Dispose();
    }

    // The leases are read while the statement that found the block still runs, so both are of one instant: SQLite ends a read when
    // its last statement ends.
    private Block ReadBlock(Statement row, BlockId id) => new(id, leases.InBlock(id))
    {
        Node = NodeOf(row, 1),
        Version = row.Integer(2),
        LastSequence = row.Integer(3),
        LastOffset = (int)row.Integer(4),
        Cooling = CoolingBytes.Read(row.Bytes(5)),
    };

    private bool IsMeant(string? node, BlockId id, string? owner) => node is null || owner is null || owner == node || leases.AnyOf(node, id);

    private string? NodeOf(Statement row, int column) => row.IsNull(column) ? null : strings.Get(row.Bytes(column));
}

/// <summary>A part of a listing.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Last">The last block looked at, which the next part begins behind; null if there is no more.</param>
internal readonly record struct BlockPage(List<Block> Blocks, BlockId? Last);
