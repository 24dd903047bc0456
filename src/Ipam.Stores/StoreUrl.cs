using System.Diagnostics.CodeAnalysis;

namespace Ipam.Stores;

/// <summary>The text that names a store: a scheme, a colon and the rest, which only the store of that scheme understands.</summary>
/// <param name="Scheme">What comes before the first colon, in lower case.</param>
/// <param name="Rest">What comes after it, as written.</param>
internal readonly record struct StoreUrl(string Scheme, string Rest)
{
    /// <summary>Splits <paramref name="text"/> at its first colon; false if there is none or nothing before it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StoreUrl url)
    {
        url = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0)
            return false;
        url = new StoreUrl(text![..colon].ToLowerInvariant(), text[(colon + 1)..]);
        return true;
    }
}
