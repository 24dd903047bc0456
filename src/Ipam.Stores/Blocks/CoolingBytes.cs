using System.Buffers.Binary;
using Ipam.Core.Blocks;

namespace Ipam.Stores.Blocks;

/// <summary>Cooling addresses as bytes: of each its offset, then the milliseconds of the Unix epoch, 8 bytes, most significant first.</summary>
internal static class CoolingBytes
{
    private const int Length = 1 + sizeof(long);

    /// <summary>The bytes.</summary>
    public static byte[] Of(IReadOnlyList<CoolingAddress> cooling)
    {
        if (cooling.Count == 0)
            return [];
        var bytes = new byte[cooling.Count * Length];
        for (var i = 0; i < cooling.Count; i++)
        {
            bytes[i * Length] = (byte)cooling[i].Offset;
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * Length + 1), cooling[i].Until.ToUnixTimeMilliseconds());
        }
        return bytes;
    }

    /// <summary>The addresses in the bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes aren't what <see cref="Of"/> makes.</exception>
    public static IReadOnlyList<CoolingAddress> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return [];
        var cooling = new CoolingAddress[bytes.Length / Length];
        for (var i = 0; i < cooling.Length; i++)
        {
            var one = bytes.Slice(i * Length, Length);
            var until = BinaryPrimitives.ReadInt64BigEndian(one[1..]);
            if (one[0] >= BlockId.Size || until < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || until > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                throw Unreadable(bytes);
            cooling[i] = new CoolingAddress(one[0], DateTimeOffset.FromUnixTimeMilliseconds(until));
        }
        return bytes.Length % Length == 0 ? cooling : throw Unreadable(bytes);
    }

    private static InvalidDataException Unreadable(ReadOnlySpan<byte> bytes) =>
        new($"'{Convert.ToHexString(bytes)}' is no list of cooling addresses: {Length} bytes for each were expected");
}
