using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Text;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>Reads leases: those of a block, those of an owner.</summary>
internal sealed class LeaseReader(Statements statements, StringPool strings, string path)
{
    private const string Columns =
        "address, network, container_id, interface, entry, sequence, node, pod_namespace, pod_name, pod_uid, netns, acquired_at, cooldown, space";

    private readonly Statement _inBlock = statements.Prepare($"SELECT {Columns} FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3");
    private readonly Statement _ofOwner = statements.Prepare($"""
        SELECT {Columns} FROM leases WHERE network = ?1 AND container_id = ?2 AND interface = ?3 ORDER BY entry
        """);
    private readonly Statement _count = statements.Prepare("SELECT count(*) FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3");
    private readonly Statement _ofNode = statements.Prepare("""
        SELECT 1 FROM leases WHERE space = ?1 AND address BETWEEN ?2 AND ?3 AND node = ?4 LIMIT 1
        """);

    /// <summary>The leases of a block, by address.</summary>
    public List<Lease> InBlock(BlockId id)
    {
        BindBlock(_inBlock, id);
        return _inBlock.All(row => Read(row, id.Space));
    }

    /// <summary>All leases of an owner, by entry. Of those that can't be read, the blocks.</summary>
    public Found<Lease> Of(Owner owner)
    {
        _ofOwner.Bind(1, owner.Network).Bind(2, owner.ContainerId).Bind(3, owner.InterfaceName);
        var found = new List<Lease>();
        var damaged = new List<DamagedBlock>();
        _ofOwner.Each(row =>
        {
            BlockId? id = null;
            try
            {
                id = BlockId.Of(strings.Get(row.Bytes(13)), AddressBytes.Read(row.Bytes(0)));
                found.Add(Read(row, id.Value.Space));
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                damaged.Add(SqliteErrors.Damaged(
                    path, id, id is { } known ? $"the block {known}" : $"the row of the table leases with address X'{Convert.ToHexString(row.Bytes(0))}'", e));
            }
        });
        return new Found<Lease>(found, damaged);
    }

    /// <summary>How many leases a block has.</summary>
    public long Count(BlockId id) => BindBlock(_count, id).Number();

    /// <summary>Whether a block holds a lease that was handed out on a node.</summary>
    public bool AnyOf(string node, BlockId id)
    {
        BindBlock(_ofNode, id).Bind(4, node);
        return _ofNode.All(static _ => true).Count > 0;
    }

    private static Statement BindBlock(Statement statement, BlockId id) => statement.Bind(1, id.Space)
        .Bind(2, AddressBytes.Of(id.AddressAt(0)))
        .Bind(3, AddressBytes.Of(id.AddressAt(BlockId.Size - 1)));

    private Lease Read(Statement row, string space)
    {
        var (place, mark) = StickyMark.Split(row.Text(10));
        var (path, identity) = NamespaceIdentity.Split(place);
        return new Lease
        {
            Space = space,
            Address = AddressBytes.Read(row.Bytes(0)),
            Owner = new Owner(strings.Get(row.Bytes(1)), row.Text(2), strings.Get(row.Bytes(3))),
            Entry = checked((int)row.Integer(4)),
            Sequence = row.Integer(5),
            Node = strings.Get(row.Bytes(6)),
            Pod = row.IsNull(7) ? null : new PodReference(strings.Get(row.Bytes(7)), row.Text(8), row.Text(9)),
            NetworkNamespace = path,
            NamespaceIdentity = identity,
            Sticky = mark,
            AcquiredAt = UnixTicks.ToTime(row.Integer(11)),
            Cooldown = StoredData.Cooldown(row.Integer(12)),
        };
    }
}
