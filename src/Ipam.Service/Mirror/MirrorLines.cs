using System.Buffers;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Mirror;

/// <summary>
/// The lines of a mirror, a JSON list each, its first item saying what it is. A line adds to what the lines before it said, so that a change costs
/// one line more. Written into memory, and taken from there by whoever brings them to the file.
/// </summary>
internal sealed class MirrorLines : IDisposable
{
    public const string Head = "head";
    public const string Past = "past";
    public const string Block = "block";
    public const string Lease = "lease";
    public const string Gone = "gone";
    public const string Forget = "forget";
    public const string Inherited = "inherited";
    public const string Former = "former";
    public const string TakingOver = "takingOver";
    public const string CarriedOut = "carriedOut";

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;

    public MirrorLines() => _json = new Utf8JsonWriter(_text);

    /// <summary>What was written, since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _text.ResetWrittenCount();

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    public void WriteHead(MirrorHead head) => WriteLine(Head, head, static (json, head) =>
    {
        json.WriteStringValue(head.Instance);
        json.WriteStringValue(head.Boot);
        json.WriteStringValue(head.Node);
        foreach (var name in head.FormerNames)
            json.WriteStringValue(name);
    });

    public void WritePast(StorePast past) => WriteLine(Past, past, static (json, past) =>
    {
        json.WriteStringValue(past.Identity);
        json.WriteNumberValue(past.Revision);
    });

    public void WriteBlock(Block block) => WriteLine(Block, block, static (json, block) =>
    {
        WriteId(json, block.Id);
        json.WriteStringValue(block.Node);
        json.WriteNumberValue(block.Version);
        json.WriteNumberValue(block.LastSequence);
        json.WriteNumberValue(block.LastOffset);
    });

    public void WriteLease(Lease lease) => WriteLine(Lease, lease, static (json, lease) =>
    {
        json.WriteStringValue(lease.Space);
        json.WriteStringValue(lease.Address.ToString());
        json.WriteNumberValue(lease.Sequence);
        json.WriteStringValue(lease.Owner.Network);
        json.WriteStringValue(lease.Owner.ContainerId);
        json.WriteStringValue(lease.Owner.InterfaceName);
        json.WriteNumberValue(lease.Entry);
        json.WriteStringValue(lease.Node);
        json.WriteStringValue(lease.PlaceText);
        json.WriteNumberValue(lease.AcquiredAt.UtcTicks);
        json.WriteNumberValue((long)lease.Cooldown.TotalSeconds);
        if (lease.Pod is not { } pod)
            return;
        json.WriteStringValue(pod.Namespace);
        json.WriteStringValue(pod.Name);
        json.WriteStringValue(pod.Uid);
    });

    public void WriteGone(Lease lease) => WriteLine(Gone, lease, static (json, lease) =>
    {
        json.WriteStringValue(lease.Space);
        json.WriteStringValue(lease.Address.ToString());
    });

    /// <summary>Writes a lease that is <see cref="Inherited"/> or <see cref="Former"/>.</summary>
    public void WriteToken(string kind, LeaseToken token) => WriteLine(kind, token, static (json, token) =>
    {
        json.WriteStringValue(token.Space);
        json.WriteStringValue(token.Address.ToString());
        json.WriteNumberValue(token.Sequence);
    });

    public static LeaseToken ReadToken(JsonElement line) => new(line[1].GetString()!, Address.Parse(line[2].GetString()!), line[3].GetInt64());

    public void WriteTakingOver(bool isGoingOn) =>
        WriteLine(TakingOver, isGoingOn, static (json, isGoingOn) => json.WriteBooleanValue(isGoingOn));

    public void WriteCarriedOut(string request) =>
        WriteLine(CarriedOut, request, static (json, request) => json.WriteStringValue(request));

    public void WriteForget(BlockId id) => WriteLine(Forget, id, WriteId);

    public static MirrorHead ReadHead(JsonElement line)
    {
        var names = line.EnumerateArray().Skip(3).Select(static name => name.GetString()!).ToArray();
        return new MirrorHead(line[1].GetString()!, line[2].GetString()!, names[0], names[1..]);
    }

    public static StorePast ReadPast(JsonElement line) => new(line[1].GetString()!, line[2].GetInt64());

    public static BlockId ReadId(JsonElement line) => BlockId.Of(line[1].GetString()!, Address.Parse(line[2].GetString()!));

    public static Block ReadBlock(JsonElement line) => new(ReadId(line), [])
    {
        Node = line[3].GetString(),
        Version = line[4].GetInt64(),
        LastSequence = line[5].GetInt64(),
        LastOffset = line[6].GetInt32(),
    };

    public static Lease ReadLease(JsonElement line)
    {
        var (place, mark) = StickyMark.Split(line[9].GetString()!);
        var (path, identity) = NamespaceIdentity.Split(place);
        return new Lease
        {
            Space = line[1].GetString()!,
            Address = Address.Parse(line[2].GetString()!),
            Sequence = line[3].GetInt64(),
            Owner = new Owner(line[4].GetString()!, line[5].GetString()!, line[6].GetString()!),
            Entry = line[7].GetInt32(),
            Node = line[8].GetString()!,
            NetworkNamespace = path,
            NamespaceIdentity = identity,
            Sticky = mark,
            AcquiredAt = new DateTimeOffset(line[10].GetInt64(), TimeSpan.Zero),
            Cooldown = TimeSpan.FromSeconds(line[11].GetInt64()),
            Pod = line.GetArrayLength() > 12 ? new PodReference(line[12].GetString()!, line[13].GetString()!, line[14].GetString()!) : null,
        };
    }

    private static void WriteId(Utf8JsonWriter json, BlockId id)
    {
        json.WriteStringValue(id.Space);
        json.WriteStringValue(id.AddressAt(0).ToString());
    }

    private void WriteLine<T>(string kind, T from, Action<Utf8JsonWriter, T> write)
    {
        _json.Reset(_text);
        _json.WriteStartArray();
        _json.WriteStringValue(kind);
        write(_json, from);
        _json.WriteEndArray();
        _json.Flush();
        _text.Write("\n"u8);
    }
}

/// <summary>Whose mirror it is.</summary>
/// <param name="Instance">Which machine: random, made once.</param>
/// <param name="Boot">The boot of the machine in which the leases were handed out. Their containers don't outlive it.</param>
/// <param name="Node">The node's name.</param>
/// <param name="FormerNames">Names that the node had before, the latest first.</param>
internal sealed record MirrorHead(string Instance, string Boot, string Node, IReadOnlyList<string> FormerNames)
{
    public bool IsSameAs(MirrorHead other) =>
        Instance == other.Instance && Boot == other.Boot && Node == other.Node && FormerNames.SequenceEqual(other.FormerNames);
}
