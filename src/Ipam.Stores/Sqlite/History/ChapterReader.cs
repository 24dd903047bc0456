using System.Text;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.Blocks;
using Ipam.Stores.History;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;
using Ipam.Stores.Text;

namespace Ipam.Stores.Sqlite.History;

/// <summary>Reads a chapter. Not thread-safe.</summary>
/// <param name="statements">The chapter's connection, which is closed with it.</param>
internal sealed class ChapterReader(Statements statements) : IDisposable
{
    private const string Columns = """
        SELECT address, sequence, space, network, container, interface, entry, node, namespace, pod, uid, acquired,
            began, began_why, began_by, ended, ended_why, ended_by, evidence FROM leases
        """;

    private readonly Statement _name = statements.Prepare("SELECT name FROM names WHERE id = ?1");
    private readonly Statement _id = statements.Prepare("SELECT id FROM names WHERE name = ?1");
    private readonly Statement _ofAddress = statements.Prepare($"""{Columns} WHERE address = ?1""");
    private readonly Statement _all = statements.Prepare(Columns);
    private readonly Dictionary<long, string> _names = [];
    private readonly StringPool _strings = new();

    /// <summary>The events of the leases that are asked for, whenever they were held.</summary>
    public List<LeaseEvent> Find(HistoryQuestion question)
    {
        var events = new List<LeaseEvent>();
        if (question.Address is { } address)
        {
            _ofAddress.Bind(1, AddressBytes.Of(address)).Each(row => Read(row, question, events));
            return events;
        }
        var maybe = question.Holder is { } holder ? MayBeOf(holder) : static _ => true;
        _all.Each(row =>
        {
            if (maybe(row))
                Read(row, question, events);
        });
        return events;
    }

    /// <inheritdoc/>
    public void Dispose() => statements.Dispose();

    /// <summary>Tells most rows apart that are of others, without reading all of them: there may be millions.</summary>
    private Func<Statement, bool> MayBeOf(string holder)
    {
        var node = _id.Bind(1, holder).Numbers() is [var known] ? known : -1;
        var pod = Encoding.UTF8.GetBytes(holder[(holder.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var text = Encoding.UTF8.GetBytes(holder);
        // The last digit may be half of a byte.
        var digits = HexDigits.Are(holder) ? Convert.FromHexString(holder.AsSpan(0, holder.Length & ~1)) : null;
        return row => row.Integer(7) == node || row.Bytes(9).SequenceEqual(pod)
            || (row.IsBlob(4) ? row.Bytes(4).Length == 16 || digits is not null && row.Bytes(4).StartsWith(digits) : row.Bytes(4).StartsWith(text));
    }

    private void Read(Statement row, HistoryQuestion question, List<LeaseEvent> events)
    {
        var acquired = row.Integer(11);
        var lease = new Lease
        {
            Address = AddressBytes.Read(row.Bytes(0)),
            Sequence = row.Integer(1),
            Space = Name(row.Integer(2)),
            Owner = new Owner(Name(row.Integer(3)), Text(row, 4), Name(row.Integer(5))),
            Entry = checked((int)row.Integer(6)),
            Node = Name(row.Integer(7)),
            Pod = row.IsNull(8) ? null : new PodReference(Name(row.Integer(8)), row.Text(9), Text(row, 10)),
            AcquiredAt = StoredData.Milliseconds(acquired),
        };
        if (!question.Matches(lease))
            return;
        if (!row.IsNull(12))
            events.Add(new LeaseEvent(lease, StoredData.Milliseconds(acquired + row.Integer(12)), new BeginReason((BeginCause)row.Integer(13), By(row, 14, lease)), null));
        if (!row.IsNull(15))
        {
            var reason = new ReleaseReason((ReleaseCause)row.Integer(16), By(row, 17, lease), row.IsNull(18) ? "" : row.Text(18));
            events.Add(new LeaseEvent(lease, StoredData.Milliseconds(acquired + row.Integer(15)), null, reason));
        }
    }

    private string By(Statement row, int column, Lease lease) => row.Integer(column) is 0 ? lease.Node : Name(row.Integer(column));

    private string Text(Statement row, int column) => row.IsBlob(column) ? ChapterDigits.Unpack(row.Bytes(column)) : _strings.Get(row.Bytes(column));

    private string Name(long id)
    {
        if (!_names.TryGetValue(id, out var name))
        {
            _name.Bind(1, id).Each(row => name = row.Text(0));
            _names.Add(id, name ?? throw new InvalidDataException($"the table names has no row with id {id}"));
        }
        return name!;
    }
}
