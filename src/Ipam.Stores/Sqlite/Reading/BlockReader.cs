using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>
/// Reads blocks with their leases, each at one instant. By prepared statements: a compiled EF Core query without tracking takes
/// twice the time for 100,000 leases, and all their names are strings of their own then.
/// </summary>
internal sealed class BlockReader(SqliteConnection connection) : IDisposable
{
    private readonly StringPool _strings = new();
    private readonly Statement _spaces = new(connection, "SELECT DISTINCT space FROM blocks");
    private readonly Statement _versions = new(connection, "SELECT space, base, version FROM blocks WHERE ?1 IS NULL OR space = ?1");
    private readonly Statement _ofOwner = new(connection, """
        SELECT space, address FROM leases WHERE network = ?1 AND container_id = ?2 AND interface = ?3
        """);
    private readonly Statement _one = new(connection, """
        SELECT base, node, version, last_sequence, last_offset FROM blocks WHERE space = ?1 AND base = ?2
        """);
    private readonly Statement _page = new(connection, """
        SELECT base, node, version, last_sequence, last_offset FROM blocks WHERE space = ?1 AND base > ?2 ORDER BY base LIMIT ?3
        """);
    private readonly Statement _leases = new(connection, """
        SELECT address, network, container_id, interface, entry, sequence, node, pod_namespace, pod_name, pod_uid, netns, acquired_at
        FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3
        """);

    /// <summary>The names of all spaces that have blocks, in ordinal order.</summary>
    public List<string> Spaces()
    {
        var spaces = _spaces.All(row => _strings.Get(row.Bytes(0)));
        spaces.Sort(StringComparer.Ordinal);
        return spaces;
    }

    /// <summary>The versions of all blocks, or of those of a space.</summary>
    public List<BlockVersion> Versions(string? space)
    {
        _versions.Bind(1, space);
        return _versions.All(row => new BlockVersion(BlockId.Of(_strings.Get(row.Bytes(0)), AddressBytes.Read(row.Bytes(1))), row.Integer(2)));
    }

    /// <summary>The blocks in which an owner holds leases; one of them as often as leases.</summary>
    public List<BlockId> BlocksOf(Owner owner)
    {
        _ofOwner.Bind(1, owner.Network).Bind(2, owner.ContainerId).Bind(3, owner.InterfaceName);
        return _ofOwner.All(row => BlockId.Of(_strings.Get(row.Bytes(0)), AddressBytes.Read(row.Bytes(1))));
    }

    /// <summary>The next <paramref name="most"/> blocks of a space behind <paramref name="last"/>, or from the first, all of one instant.</summary>
    public List<Block> Page(string space, Block? last, int most)
    {
        _page.Bind(1, space).Bind(2, last is null ? [] : AddressBytes.Of(last.Id.AddressAt(0))).Bind(3, most);
        return _page.All(row => ReadBlock(row, space));
    }

    /// <summary>Those of the named blocks that are there.</summary>
    public List<Block> Read(IReadOnlyCollection<BlockId> ids)
    {
        var blocks = new List<Block>(ids.Count);
        foreach (var id in ids)
        {
            _one.Bind(1, id.Space).Bind(2, AddressBytes.Of(id.AddressAt(0)));
            blocks.AddRange(_one.All(row => ReadBlock(row, id.Space)));
        }
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_spaces, _versions, _ofOwner, _one, _page, _leases])
            statement.Dispose();
    }

    // The leases are read while the statement that found the block still runs, so both are of one instant: SQLite ends a read when
    // its last statement ends.
    private Block ReadBlock(Statement row, string space)
    {
        var id = BlockId.Of(space, AddressBytes.Read(row.Bytes(0)));
        return new Block(id, ReadLeases(id))
        {
            Node = row.IsNull(1) ? null : _strings.Get(row.Bytes(1)),
            Version = row.Integer(2),
            LastSequence = row.Integer(3),
            LastOffset = (int)row.Integer(4),
        };
    }

    private List<Lease> ReadLeases(BlockId id)
    {
        _leases.Bind(1, id.Space)
            .Bind(2, AddressBytes.Of(id.AddressAt(0)))
            .Bind(3, AddressBytes.Of(id.AddressAt(BlockId.Size - 1)));
        return _leases.All(row => ReadLease(row, id.Space));
    }

    private Lease ReadLease(Statement row, string space) => new()
    {
        Space = space,
        Address = AddressBytes.Read(row.Bytes(0)),
        Owner = new Owner(_strings.Get(row.Bytes(1)), row.Text(2), _strings.Get(row.Bytes(3))),
        Entry = (int)row.Integer(4),
        Sequence = row.Integer(5),
        Node = _strings.Get(row.Bytes(6)),
        Pod = row.IsNull(7) ? null : new PodReference(_strings.Get(row.Bytes(7)), row.Text(8), row.Text(9)),
        NetworkNamespace = row.Text(10),
        AcquiredAt = UnixTicks.ToTime(row.Integer(11)),
    };
}
