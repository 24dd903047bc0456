using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Text;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>Reads leases: those of a block, those of an owner.</summary>
internal sealed class LeaseReader(SqliteConnection connection, StringPool strings) : IDisposable
{
    private const string Columns =
        "address, network, container_id, interface, entry, sequence, node, pod_namespace, pod_name, pod_uid, netns, acquired_at, cooldown, space";

    private readonly Statement _inBlock = new(connection, $"SELECT {Columns} FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3");
    private readonly Statement _ofOwner = new(connection, $"""
        SELECT {Columns} FROM leases WHERE network = ?1 AND container_id = ?2 AND interface = ?3 ORDER BY entry
        """);
    private readonly Statement _ofNode = new(connection, """
        SELECT 1 FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3 AND node = ?4 LIMIT 1
        """);

    /// <summary>The leases of a block, by address.</summary>
    public List<Lease> InBlock(BlockId id)
    {
        BindBlock(_inBlock, id);
        return _inBlock.All(row => Read(row, id.Space));
    }

    /// <summary>All leases of an owner, by entry.</summary>
    public List<Lease> Of(Owner owner)
    {
        _ofOwner.Bind(1, owner.Network).Bind(2, owner.ContainerId).Bind(3, owner.InterfaceName);
        return _ofOwner.All(row => Read(row, strings.Get(row.Bytes(13))));
    }

    /// <summary>Whether a block holds a lease that was handed out on a node.</summary>
    public bool AnyOf(string node, BlockId id)
    {
        BindBlock(_ofNode, id).Bind(4, node);
        return _ofNode.All(static _ => true).Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_inBlock, _ofOwner, _ofNode])
            statement.Dispose();
    }

    private static Statement BindBlock(Statement statement, BlockId id) => statement.Bind(1, id.Space)
        .Bind(2, AddressBytes.Of(id.AddressAt(0)))
        .Bind(3, AddressBytes.Of(id.AddressAt(BlockId.Size - 1)));

    private Lease Read(Statement row, string space) => new()
    {
        Space = space,
        Address = AddressBytes.Read(row.Bytes(0)),
        Owner = new Owner(strings.Get(row.Bytes(1)), row.Text(2), strings.Get(row.Bytes(3))),
        Entry = (int)row.Integer(4),
        Sequence = row.Integer(5),
        Node = strings.Get(row.Bytes(6)),
        Pod = row.IsNull(7) ? null : new PodReference(strings.Get(row.Bytes(7)), row.Text(8), row.Text(9)),
        NetworkNamespace = row.Text(10),
        AcquiredAt = UnixTicks.ToTime(row.Integer(11)),
        Cooldown = TimeSpan.FromSeconds(row.Integer(12)),
    };
}
