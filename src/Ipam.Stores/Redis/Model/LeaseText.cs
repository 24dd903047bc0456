using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Text;

namespace Ipam.Stores.Redis.Model;

/// <summary>
/// A lease as a JSON list: network, container id, interface, entry, sequence, node, network namespace with its identity, time in 100 ns since the Unix
/// epoch, seconds of cooldown, and if there is a pod its namespace, name and UID. Space and address are known from where it is.
/// </summary>
internal static class LeaseText
{
    /// <summary>Writes the text. Returns how many of its bytes are before the sequence.</summary>
    public static int Write(Lease lease, Request to) => to.WriteList(lease, static (writer, lease) =>
    {
        writer.WriteStringValue(lease.Owner.Network);
        writer.WriteStringValue(lease.Owner.ContainerId);
        writer.WriteStringValue(lease.Owner.InterfaceName);
        writer.WriteNumberValue(lease.Entry);
        var before = (int)(writer.BytesCommitted + writer.BytesPending) + ",".Length;
        writer.WriteNumberValue(lease.Sequence);
        writer.WriteStringValue(lease.Node);
        writer.WriteStringValue(lease.PlaceText);
        writer.WriteNumberValue(lease.AcquiredAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);
        writer.WriteNumberValue((long)lease.Cooldown.TotalSeconds);
        if (lease.Pod is { } pod)
        {
            writer.WriteStringValue(pod.Namespace);
            writer.WriteStringValue(pod.Name);
            writer.WriteStringValue(pod.Uid);
        }
        return before;
    });

    /// <summary>The lease in a text.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Lease Read(string space, Address address, ReadOnlySpan<byte> text, StringPool strings)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            reader.Read();
            var owner = new Owner(Text(ref reader, strings), Text(ref reader, strings), Text(ref reader, strings));
            var entry = checked((int)Number(ref reader));
            var sequence = Number(ref reader);
            var node = Text(ref reader, strings);
            var (place, mark) = StickyMark.Split(Text(ref reader, strings));
            var (path, identity) = NamespaceIdentity.Split(place);
            return new Lease
            {
                Space = space,
                Address = address,
                Owner = owner,
                Entry = entry,
                Sequence = sequence,
                Node = node,
                NetworkNamespace = path,
                NamespaceIdentity = identity,
                Sticky = mark,
                AcquiredAt = StoredData.Time(Number(ref reader)),
                Cooldown = StoredData.Cooldown(Number(ref reader)),
                Pod = Pod(ref reader, strings),
            };
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            throw new InvalidDataException($"the lease of {address} in space '{space}' can't be read: {StoredData.Why(e)}", e);
        }
    }

    private static PodReference? Pod(ref Utf8JsonReader reader, StringPool strings)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.EndArray
            ? null
            : new PodReference(Value(ref reader, strings), Text(ref reader, strings), Text(ref reader, strings));
    }

    private static string Text(ref Utf8JsonReader reader, StringPool strings)
    {
        reader.Read();
        return Value(ref reader, strings);
    }

    private static string Value(ref Utf8JsonReader reader, StringPool strings) =>
        reader.TokenType != JsonTokenType.String ? throw new InvalidDataException($"found {reader.TokenType}, and wanted is a text")
        : reader.ValueIsEscaped ? reader.GetString()!
        : strings.Get(reader.ValueSpan);

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }
}
