using Ipam.Cli.Commands.Pools;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>
/// Writes an export: a JSON object in each line. Keys, kinds and their order are a contract; the same content gives the same bytes, whatever store it is of, but for
/// the first line. Memory doesn't grow with what is written.
/// </summary>
internal sealed class ExportWriter(Stream output)
{
    public const string PoolKind = "pool";
    public const string ReservationKind = "reservation";
    public const string BlockKind = "block";
    public const string LeaseKind = "lease";
    public const string CooldownKind = "cooldown";
    public const string DamagedKind = "damaged";
    public const string EndKind = "end";

    private readonly JsonListWriter<Action<IFieldWriter>> _lines =
        new(new View<Action<IFieldWriter>>([], [], static (write, fields) => write(fields)), output, inLines: true);

    /// <summary>What was written.</summary>
    public ExportCounts Counts { get; } = new();

    public void Add(ExportHeader header) => _lines.Add(header.Write);

    public void Add(Pool pool)
    {
        Counts.Pools++;
        _lines.Add(fields =>
        {
            fields.Text("kind", PoolKind);
            fields.Text("name", pool.Name);
            fields.Object("pool", document => PoolFields.WriteDocument(CatalogContent.InOrder(pool), document));
        });
    }

    public void Add(Reservation reservation)
    {
        Counts.Reservations++;
        _lines.Add(fields =>
        {
            fields.Text("kind", ReservationKind);
            fields.Text("name", reservation.Name);
            fields.Object("reservation", document =>
            {
                document.Text("space", reservation.Space);
                document.Texts("addresses", reservation.Addresses.Select(static range => range.ToString()));
                document.Text("reason", reservation.Reason);
                document.Flag("onRequest", reservation.OnRequest);
            });
        });
    }

    /// <summary>Adds a block, then its leases and its cooldowns, by address.</summary>
    public void Add(Block block)
    {
        Counts.Add(block);
        _lines.Add(fields =>
        {
            fields.Text("kind", BlockKind);
            fields.Text("space", block.Id.Space);
            fields.Text("prefix", block.Id.Prefix.ToString());
            fields.Text("node", block.Node);
            fields.Number("lastSequence", block.LastSequence);
            fields.Number("lastOffset", block.LastOffset);
        });
        foreach (var lease in block.Leases)
            _lines.Add(fields => Write(lease, fields));
        foreach (var cooling in block.Cooling)
        {
            _lines.Add(fields =>
            {
                fields.Text("kind", CooldownKind);
                fields.Text("space", block.Id.Space);
                fields.Text("address", block.Id.AddressAt(cooling.Offset).ToString());
                fields.Text("until", TimeText.Of(cooling.Until));
            });
        }
    }

    /// <summary>Adds what can't be read.</summary>
    public void AddDamaged(string why)
    {
        Counts.Damaged++;
        _lines.Add(fields =>
        {
            fields.Text("kind", DamagedKind);
            fields.Text("why", why);
        });
    }

    /// <summary>Writes the last line, without which an export is not whole.</summary>
    public void Complete()
    {
        _lines.Add(fields =>
        {
            fields.Text("kind", EndKind);
            Counts.Write(fields);
        });
        _lines.Complete();
    }

    private static void Write(Lease lease, IFieldWriter fields)
    {
        fields.Text("kind", LeaseKind);
        fields.Text("space", lease.Space);
        fields.Text("address", lease.Address.ToString());
        fields.Text("network", lease.Owner.Network);
        fields.Text("containerId", lease.Owner.ContainerId);
        fields.Text("interface", lease.Owner.InterfaceName);
        fields.Number("entry", lease.Entry);
        fields.Text("podNamespace", lease.Pod?.Namespace);
        fields.Text("podName", lease.Pod?.Name);
        fields.Text("podUid", lease.Pod?.Uid);
        fields.Text("node", lease.Node);
        fields.Text("netns", lease.PlaceText);
        fields.Number("sequence", lease.Sequence);
        fields.Text("acquiredAt", TimeText.Of(lease.AcquiredAt));
        fields.Number("cooldownSeconds", (long)lease.Cooldown.TotalSeconds);
    }
}
