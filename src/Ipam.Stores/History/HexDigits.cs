using System.Buffers;

namespace Ipam.Stores.History;

/// <summary>Hexadecimal digits in lower case, such as container ids have: those that come back from their bytes.</summary>
internal static class HexDigits
{
    private static readonly SearchValues<char> Lower = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text has nothing else.</summary>
    public static bool Are(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Lower);
}
