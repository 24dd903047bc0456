using System.Runtime.CompilerServices;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>
/// Reads an export from its beginning to its end, once, and holds it to its own rules: the kinds of lines in their order, blocks that don't contradict themselves, and the
/// counts of the last line. What is only known over all blocks is for <see cref="ExportFile"/> to see. Not thread-safe.
/// </summary>
internal sealed class ExportParser(Stream stream)
{
    private readonly LineReader _lines = new(stream);
    private readonly List<Pool> _pools = [];
    private readonly List<Reservation> _reservations = [];
    private OpenBlock? _open;
    private bool _hasEnded;

    /// <summary>The first line, once blocks are read.</summary>
    public ExportHeader? Header { get; private set; }

    /// <summary>What was read so far.</summary>
    public ExportCounts Counts { get; } = new();

    /// <summary>The pools and reservations, once all is read.</summary>
    public PoolCatalog Catalog => new(0, _pools, _reservations);

    /// <summary>All blocks, as they are in a store that doesn't have them yet.</summary>
    /// <exception cref="FormatException">The export is not what it must be. The message names the line.</exception>
    public async IAsyncEnumerable<Block> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _lines.ReadAsync(cancellationToken) is { } text)
        {
            if (_hasEnded)
                throw new FormatException($"line {_lines.Number}: it comes after the line of the kind '{ExportWriter.EndKind}', with which an export ends");
            using var line = new ExportLine(text, _lines.Number);
            if (Header is null)
                Header = ExportHeader.Read(line);
            else if (Take(line) is { } block)
                yield return block;
        }
        if (!_hasEnded)
            throw new FormatException($"it is cut short: after line {_lines.Number} the line of the kind '{ExportWriter.EndKind}' is missing, with which an export ends");
    }

    /// <summary>Takes a line in; the block before it if that is complete by now.</summary>
    private Block? Take(ExportLine line)
    {
        switch (line.Kind)
        {
            case ExportWriter.LeaseKind when _open is not null:
                _open.Leases.Add(ReadLease(line));
                return null;
            case ExportWriter.CooldownKind when _open is not null:
                _open.Cooling.Add(ReadCooling(line, _open.Id));
                return null;
            case ExportWriter.LeaseKind or ExportWriter.CooldownKind:
                throw line.Wrong($"a {line.Kind} without its block: the line of that comes first");
        }
        var complete = _open?.Close();
        _open = null;
        if (complete is not null)
            Counts.Add(complete);
        switch (line.Kind)
        {
            case ExportWriter.PoolKind:
                _pools.Add(ReadPool(line));
                Counts.Pools++;
                break;
            case ExportWriter.ReservationKind:
                _reservations.Add(ReadReservation(line));
                Counts.Reservations++;
                break;
            case ExportWriter.BlockKind:
                _open = ReadBlock(line);
                break;
            case ExportWriter.DamagedKind:
                Counts.Damaged++;
                break;
            case ExportWriter.EndKind:
                _hasEnded = true;
                if (ExportCounts.Read(line) is var told && told != Counts)
                    throw line.Wrong($"it counts {told}, damaged: {told.Damaged}; there are {Counts}, damaged: {Counts.Damaged}");
                break;
            default:
                throw line.Wrong($"the kind '{line.Kind}' is unknown");
        }
        return complete;
    }

    private Pool ReadPool(ExportLine line)
    {
        var pool = Read(line, () => PoolJson.Read(line.Text("name"), line.Object("pool")));
        if (PoolRules.Check(pool) is { } problem)
            throw line.Wrong(problem);
        return _pools.Exists(other => other.Name == pool.Name) ? throw line.Wrong($"the pool '{pool.Name}' is there twice") : pool;
    }

    private Reservation ReadReservation(ExportLine line)
    {
        var reservation = Read(line, () => ReservationJson.Read(line.Text("name"), line.Object("reservation")));
        if (ReservationRules.Check(reservation) is { } problem)
            throw line.Wrong(problem);
        return _reservations.Exists(other => other.Name == reservation.Name) ? throw line.Wrong($"the reservation '{reservation.Name}' is there twice") : reservation;
    }

    private static OpenBlock ReadBlock(ExportLine line)
    {
        var space = line.Text("space");
        if (NameRules.CheckSpace(space) is { } problem)
            throw line.Wrong(problem);
        var text = line.Text("prefix");
        if (!Prefix.TryParse(text, out var prefix) || BlockId.Of(space, prefix.Address).Prefix != prefix)
            throw line.Wrong($"\"prefix\" is '{text}', and a block is a /26 of IPv4 or a /122 of IPv6");
        var block = new Block(BlockId.Of(space, prefix.Address), []) { Node = line.OptionalText("node"), LastSequence = line.Number("lastSequence"), LastOffset = OffsetOf(line) };
        return new OpenBlock(block, line.Wrong);
    }

    private static int OffsetOf(ExportLine line) => line.Number("lastOffset") is >= -1 and < BlockId.Size and var offset
        ? (int)offset
        : throw line.Wrong($"\"lastOffset\" is {line.Number("lastOffset")}, and wanted is a number from -1 to {BlockId.Size - 1}");

    private static Lease ReadLease(ExportLine line)
    {
        var (place, mark) = StickyMark.Split(line.Text("netns"));
        var (path, identity) = NamespaceIdentity.Split(place);
        var (entry, cooldown) = (line.Number("entry"), line.Number("cooldownSeconds"));
        var lease = new Lease
        {
            Space = line.Text("space"),
            Address = line.Address("address"),
            Owner = new Owner(line.Text("network"), line.Text("containerId"), line.Text("interface")),
            Entry = entry is >= 0 and <= int.MaxValue ? (int)entry : throw line.Wrong($"\"entry\" is {entry}, and wanted is a number from 0"),
            Sequence = line.Number("sequence"),
            Node = line.Text("node"),
            Pod = line.OptionalText("podName") is { } pod ? new PodReference(line.Text("podNamespace"), pod, line.Text("podUid")) : null,
            NetworkNamespace = path,
            NamespaceIdentity = identity,
            Sticky = mark,
            AcquiredAt = line.Time("acquiredAt"),
            Cooldown = cooldown >= 0 && cooldown <= Lease.MaxCooldown.TotalSeconds
                ? TimeSpan.FromSeconds(cooldown)
                : throw line.Wrong($"\"cooldownSeconds\" is {cooldown}, and wanted is a number from 0 to {Lease.MaxCooldown.TotalSeconds}"),
        };
        return lease.Flaw is { } flaw ? throw line.Wrong(flaw) : lease;
    }

    private static CoolingAddress ReadCooling(ExportLine line, BlockId block)
    {
        var (space, address) = (line.Text("space"), line.Address("address"));
        return BlockId.Of(space, address) == block
            ? new CoolingAddress(BlockId.OffsetOf(address), line.Time("until"))
            : throw line.Wrong($"the cooldown of {address} in space {space} is not of the block {block} before it");
    }

    private static T Read<T>(ExportLine line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e) when (!e.Message.StartsWith("line ", StringComparison.Ordinal))
        {
            throw line.Wrong(e.Message);
        }
    }

    /// <summary>A block whose leases and cooldowns are still being read.</summary>
    private sealed class OpenBlock(Block head, Func<string, FormatException> wrong)
    {
        public BlockId Id => head.Id;

        public List<Lease> Leases { get; } = [];

        public List<CoolingAddress> Cooling { get; } = [];

        public Block Close()
        {
            try
            {
                var block = new Block(head.Id, Leases)
                {
                    Node = head.Node,
                    LastSequence = head.LastSequence,
                    LastOffset = head.LastOffset,
                    Cooling = [.. Cooling.OrderBy(static address => address.Offset)],
                };
                return (block with { Version = 1 }).FlawBeside(block.Held) is { } flaw ? throw wrong($"the block {head.Id} contradicts itself: {flaw}") : block;
            }
            catch (ArgumentException)
            {
                throw wrong($"the block {head.Id} has a lease of another block behind it, or two of one address");
            }
        }
    }
}
