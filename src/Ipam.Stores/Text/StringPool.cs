using System.Buffers.Binary;
using System.Text;

namespace Ipam.Stores.Text;

/// <summary>
/// Gives the same string for the same UTF-8 text, most of the time: a hundred thousand leases name few nodes and networks. Its size
/// is fixed; a text that falls on another's place takes it.
/// </summary>
internal sealed class StringPool
{
    private const int Places = 1024;

    private (byte[] Utf8, string Text)[]? _places;

    // What isn't UTF-8 is refused: replaced, two names could become one.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text as a string.</summary>
    /// <exception cref="ArgumentException">It isn't UTF-8.</exception>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        _places ??= new (byte[], string)[Places];
        ref var place = ref _places[Hash(utf8) % Places];
        if (place.Utf8 is null || !utf8.SequenceEqual(place.Utf8))
            place = (utf8.ToArray(), Utf8.GetString(utf8));
        return place.Text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        // Names differ at their ends, if anywhere.
        var hash = (uint)utf8.Length;
        if (utf8.Length >= sizeof(ulong))
        {
            var end = BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]);
            return (uint)((end ^ hash) * 0x9E3779B97F4A7C15 >> 32);
        }
        foreach (var b in utf8)
            hash = hash * 31 + b;
        return hash;
    }
}
