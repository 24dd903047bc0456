using System.Buffers.Binary;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.Blocks;
using Ipam.Stores.Text;

namespace Ipam.Stores.History;

/// <summary>Reads what <see cref="EventWriter"/> wrote. Every read throws <see cref="InvalidDataException"/> where it finds something else.</summary>
/// <param name="bytes">What was written.</param>
/// <param name="strings">Gives the same string for the same text.</param>
internal ref struct EventReader(ReadOnlySpan<byte> bytes, StringPool strings)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>All events in what was written.</summary>
    public static List<LeaseEvent> ReadAll(ReadOnlySpan<byte> bytes, StringPool strings)
    {
        var reader = new EventReader(bytes, strings);
        var events = new List<LeaseEvent>();
        while (!reader.IsAtEnd)
        {
            var space = reader.ReadText();
            var address = reader.ReadAddress();
            events.Add(reader.Read(space, address, reader.ReadNumber()));
        }
        return events;
    }

    /// <summary>An event of the lease that is there. Of a short begin, whose it is isn't known: its node and its owner have no names.</summary>
    public LeaseEvent Read(string space, Address address, long sequence)
    {
        var flags = ReadNumber();
        if ((flags & EventWriter.IsShort) != 0)
            return ReadShortBegin(space, address, sequence, isByNode: (flags & EventWriter.IsByNode) != 0);
        var cause = (int)ReadNumber();
        var at = ReadNumber();
        var isEnd = (flags & EventWriter.IsEnd) != 0;
        var by = (flags & EventWriter.IsByNode) != 0 ? null : ReadText();
        var evidence = isEnd ? ReadText() : "";
        var node = ReadText();
        var lease = new Lease
        {
            Space = space,
            Address = address,
            Sequence = sequence,
            Node = node,
            Owner = new Owner(ReadText(), ReadText(), ReadText()),
            Entry = checked((int)ReadNumber()),
            AcquiredAt = StoredData.Milliseconds(at - ReadNumber()),
            Pod = (flags & EventWriter.HasPod) != 0 ? new PodReference(ReadText(), ReadText(), ReadText()) : null,
        };
        var time = StoredData.Milliseconds(at);
        return isEnd
            ? new LeaseEvent(lease, time, null, new ReleaseReason((ReleaseCause)cause, by ?? node, evidence))
            : new LeaseEvent(lease, time, new BeginReason((BeginCause)cause, by ?? node), null);
    }

    private LeaseEvent ReadShortBegin(string space, Address address, long sequence, bool isByNode)
    {
        var cause = (BeginCause)ReadNumber();
        var acquired = StoredData.Milliseconds(ReadNumber());
        var lease = new Lease
        {
            Space = space,
            Address = address,
            Sequence = sequence,
            Node = "",
            Owner = new Owner("", "", ""),
            Entry = 0,
            AcquiredAt = acquired,
        };
        return new LeaseEvent(lease, acquired, new BeginReason(cause, isByNode ? "" : ReadText()), null);
    }

    /// <summary>An address: its family and its bytes.</summary>
    public Address ReadAddress() => Take(1)[0] switch
    {
        (byte)IpFamily.V4 => Address.Read(Take(4)),
        (byte)IpFamily.V6 => Address.Read(Take(16)),
        var other => throw new InvalidDataException($"{other} is no family of addresses; 4 or 6 was expected"),
    };

    /// <summary>A sequence as a number with a point, of eight bytes: sequences are those that it has exactly.</summary>
    public long ReadSequence() => (long)BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    private long ReadNumber()
    {
        var number = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return (long)number;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }

    private string ReadText()
    {
        var head = ReadNumber();
        if (head >> 2 is < 0 or > int.MaxValue)
            throw new InvalidDataException($"a text can't have {head >> 2} bytes");
        var text = Take((int)(head >> 2));
        return (head & 3) switch
        {
            EventWriter.AsUtf8 => text.Length > 64 ? Utf8.GetString(text) : strings.Get(text),
            EventWriter.AsDigits => Convert.ToHexStringLower(text),
            EventWriter.AsUid when text.Length == 16 => new Guid(text, bigEndian: true).ToString("D"),
            _ => throw new InvalidDataException($"{head & 3} is no form of a text"),
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new InvalidDataException($"{count} bytes were expected, and {_rest.Length} are there");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
