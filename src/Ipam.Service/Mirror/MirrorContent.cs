using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Mirror;

/// <summary>What a mirror says, line by line. For one caller at a time.</summary>
internal sealed class MirrorContent
{
    private readonly Dictionary<BlockId, Block> _heads = [];
    private readonly Dictionary<BlockId, Lease?[]> _leases = [];

    /// <summary>
    /// What a file says; nothing if there is none, and what comes before the fault if there is one, which is told in the log. A line that was being written
    /// when ipamd was killed is left out: nobody was told of what it says.
    /// </summary>
    public static MirrorContent ReadFrom(string path, ILogger log)
    {
        var content = new MirrorContent();
        try
        {
            var size = MirrorStream.ReadLines(path, content.Take, log);
            if (size > 0 && content.Head is null)
                throw new InvalidDataException("it doesn't begin as this program writes it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Log.MirrorUnreadable(log, path, e.Message);
        }
        return content;
    }

    /// <summary>How many bytes the lines have that it was taken from.</summary>
    public long Length { get; private set; }

    /// <summary>Whose it is; null if it doesn't say so.</summary>
    public MirrorHead? Head { get; private set; }

    /// <summary>The store's past as last seen; null if it doesn't say so.</summary>
    public StorePast? Past { get; private set; }

    /// <summary>Leases that another machine handed out under the node's name.</summary>
    public HashSet<LeaseToken> Inherited { get; } = [];

    /// <summary>Leases that this machine handed out under a former name of the node.</summary>
    public HashSet<LeaseToken> Former { get; } = [];

    /// <summary>Spooled releases that were carried out, the latest last.</summary>
    public List<string> CarriedOut { get; } = [];

    /// <summary>Whether the node's name was being taken over from another machine.</summary>
    public bool IsTakingOver { get; private set; }

    /// <summary>The blocks with this node's leases.</summary>
    public List<Block> Blocks() => [.. _heads.Values.Select(head => new Block(head.Id, _leases.GetValueOrDefault(head.Id)?.OfType<Lease>() ?? [])
    {
        Node = head.Node,
        Version = head.Version,
        LastSequence = head.LastSequence,
        LastOffset = head.LastOffset,
    })];

    /// <summary>Takes a line.</summary>
    /// <exception cref="InvalidDataException">It isn't as this program writes them.</exception>
    public void Take(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            Take(document.RootElement);
            Length += text.Length + 1;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("a line is not as this program writes them", e);
        }
    }

    private void Take(JsonElement line)
    {
        switch (line[0].GetString())
        {
            case MirrorLines.Head:
                Head = MirrorLines.ReadHead(line);
                break;
            case MirrorLines.Past:
                Past = MirrorLines.ReadPast(line);
                break;
            case MirrorLines.Block:
                var block = MirrorLines.ReadBlock(line);
                _heads[block.Id] = block;
                break;
            case MirrorLines.Lease:
                var lease = MirrorLines.ReadLease(line);
                LeasesOf(BlockId.Of(lease.Space, lease.Address))[BlockId.OffsetOf(lease.Address)] = lease;
                break;
            case MirrorLines.Gone:
                var address = Core.Addresses.Address.Parse(line[2].GetString()!);
                LeasesOf(BlockId.Of(line[1].GetString()!, address))[BlockId.OffsetOf(address)] = null;
                break;
            case MirrorLines.Inherited:
                Inherited.Add(MirrorLines.ReadToken(line));
                break;
            case MirrorLines.Former:
                Former.Add(MirrorLines.ReadToken(line));
                break;
            case MirrorLines.CarriedOut:
                CarriedOut.Add(line[1].GetString()!);
                break;
            case MirrorLines.TakingOver:
                IsTakingOver = line[1].GetBoolean();
                break;
            case MirrorLines.Forget:
                _heads.Remove(MirrorLines.ReadId(line));
                _leases.Remove(MirrorLines.ReadId(line));
                break;
            case var other:
                throw new FormatException($"'{other}' is no kind of line");
        }
    }

    private Lease?[] LeasesOf(BlockId id)
    {
        if (!_leases.TryGetValue(id, out var leases))
            _leases.Add(id, leases = new Lease?[BlockId.Size]);
        return leases;
    }
}
