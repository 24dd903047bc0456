using System.Buffers;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Mirror;

/// <summary>
/// The lines of a mirror, a JSON list each, its first item saying what it is. A line adds to what the lines before it said, so that a change costs
/// one line more.
/// </summary>
internal static class MirrorLines
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

    public static void WriteHead(IBufferWriter<byte> to, MirrorHead head) => WriteLine(to, Head, head, static (json, head) =>
    {
        json.WriteStringValue(head.Instance);
        json.WriteStringValue(head.Boot);
        json.WriteStringValue(head.Node);
        foreach (var name in head.FormerNames)
            json.WriteStringValue(name);
    });

    public static void WritePast(IBufferWriter<byte> to, StorePast past) => WriteLine(to, Past, past, static (json, past) =>
    {
        json.WriteStringValue(past.Identity);
        json.WriteNumberValue(past.Revision);
    });

    public static void WriteBlock(IBufferWriter<byte> to, Block block) => WriteLine(to, Block, block, static (json, block) =>
    {
        WriteId(json, block.Id);
        json.WriteStringValue(block.Node);
        json.WriteNumberValue(block.Version);
        json.WriteNumberValue(block.LastSequence);
        json.WriteNumberValue(block.LastOffset);
    });

    public static void WriteLease(IBufferWriter<byte> to, Lease lease) => WriteLine(to, Lease, lease, static (json, lease) =>
    {
        json.WriteStringValue(lease.Space);
        json.WriteStringValue(lease.Address.ToString());
        json.WriteNumberValue(lease.Sequence);
        json.WriteStringValue(lease.Owner.Network);
        json.WriteStringValue(lease.Owner.ContainerId);
        json.WriteStringValue(lease.Owner.InterfaceName);
        json.WriteNumberValue(lease.Entry);
        json.WriteStringValue(lease.Node);
        json.WriteStringValue(lease.NetworkNamespace);
        json.WriteNumberValue(lease.AcquiredAt.UtcTicks);
        json.WriteNumberValue((long)lease.Cooldown.TotalSeconds);
        if (lease.Pod is not { } pod)
            return;
        json.WriteStringValue(pod.Namespace);
        json.WriteStringValue(pod.Name);
        json.WriteStringValue(pod.Uid);
    });

    public static void WriteGone(IBufferWriter<byte> to, Lease lease) => WriteLine(to, Gone, lease, static (json, lease) =>
    {
        json.WriteStringValue(lease.Space);
        json.WriteStringValue(lease.Address.ToString());
    });

    /// <summary>Writes a lease that is <see cref="Inherited"/> or <see cref="Former"/>.</summary>
    public static void WriteToken(IBufferWriter<byte> to, string kind, LeaseToken token) => WriteLine(to, kind, token, static (json, token) =>
    {
        json.WriteStringValue(token.Space);
        json.WriteStringValue(token.Address.ToString());
        json.WriteNumberValue(token.Sequence);
    });

    public static LeaseToken ReadToken(JsonElement line) => new(line[1].GetString()!, Address.Parse(line[2].GetString()!), line[3].GetInt64());

    public static void WriteTakingOver(IBufferWriter<byte> to, bool isGoingOn) =>
        WriteLine(to, TakingOver, isGoingOn, static (json, isGoingOn) => json.WriteBooleanValue(isGoingOn));

    public static void WriteCarriedOut(IBufferWriter<byte> to, string request) =>
        WriteLine(to, CarriedOut, request, static (json, request) => json.WriteStringValue(request));

    public static void WriteForget(IBufferWriter<byte> to, BlockId id) => WriteLine(to, Forget, id, WriteId);

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

    public static Lease ReadLease(JsonElement line) => new()
    {
        Space = line[1].GetString()!,
        Address = Address.Parse(line[2].GetString()!),
        Sequence = line[3].GetInt64(),
        Owner = new Owner(line[4].GetString()!, line[5].GetString()!, line[6].GetString()!),
        Entry = line[7].GetInt32(),
        Node = line[8].GetString()!,
        NetworkNamespace = line[9].GetString()!,
        AcquiredAt = new DateTimeOffset(line[10].GetInt64(), TimeSpan.Zero),
        Cooldown = TimeSpan.FromSeconds(line[11].GetInt64()),
        Pod = line.GetArrayLength() > 12 ? new PodReference(line[12].GetString()!, line[13].GetString()!, line[14].GetString()!) : null,
    };

    private static void WriteId(Utf8JsonWriter json, BlockId id)
    {
        json.WriteStringValue(id.Space);
        json.WriteStringValue(id.AddressAt(0).ToString());
    }

    private static void WriteLine<T>(IBufferWriter<byte> to, string kind, T from, Action<Utf8JsonWriter, T> write)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartArray();
            json.WriteStringValue(kind);
            write(json, from);
            json.WriteEndArray();
        }
        to.Write("\n"u8);
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
