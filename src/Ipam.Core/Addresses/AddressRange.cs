using System.Diagnostics.CodeAnalysis;

namespace Ipam.Core.Addresses;

/// <summary>All addresses from <paramref name="First"/> to <paramref name="Last"/>, both included, of one family.</summary>
/// <param name="First">The first address; not after <paramref name="Last"/>.</param>
/// <param name="Last">The last address.</param>
public readonly record struct AddressRange(Address First, Address Last)
{
    /// <summary>Reads a single address, CIDR notation (host bits are dropped), or <c>FIRST-LAST</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressRange range)
    {
        range = default;
        if (text is null)
            return false;
        if (Prefix.TryParse(text, out var prefix))
        {
            range = new AddressRange(prefix.First, prefix.Last);
            return true;
        }
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var firstText = dash < 0 ? text : text[..dash].TrimEnd();
        var lastText = dash < 0 ? text : text[(dash + 1)..].TrimStart();
        if (!Address.TryParse(firstText, out var first) || !Address.TryParse(lastText, out var last)
            || first.Family != last.Family || first > last)
            return false;
        range = new AddressRange(first, last);
        return true;
    }

    /// <summary>Whether <paramref name="address"/> is of the same family and inside.</summary>
    public bool Contains(Address address) => address.Family == First.Family && address >= First && address <= Last;

    /// <summary>Whether some address is in both.</summary>
    public bool Overlaps(AddressRange other) => First.Family == other.First.Family && First <= other.Last && other.First <= Last;

    /// <inheritdoc/>
    public override string ToString() => First == Last ? First.ToString() : $"{First}-{Last}";
}
