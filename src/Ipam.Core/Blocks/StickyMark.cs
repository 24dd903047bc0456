using System.Globalization;

namespace Ipam.Core.Blocks;

/// <summary>That a lease's address belongs to somebody who outlives the container, and stays his when the lease ends.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Lasts">How long it stays his without a container; null for as long as he is there.</param>
public sealed record StickyMark(StickyOwner Owner, TimeSpan? Lasts)
{
    private const string Start = "/sticky:";

    /// <summary>
    /// The text under which stores keep a place (<see cref="NamespaceIdentity.Join"/>) with a mark, such as
    /// <c>/run/netns/x/net:[4026532281]@1f2e3d4c/sticky:3600:StatefulSet/shop/web-0</c>; without a mark the bare place. A program that doesn't know marks takes the text for the path of
    /// a file in what is no folder, of which it says nothing.
    /// </summary>
    public static string Join(string place, StickyMark? mark) =>
        mark is not null ? string.Create(CultureInfo.InvariantCulture, $"{place}{Start}{(long)(mark.Lasts?.TotalSeconds ?? 0)}:{mark.Owner}")
        : Split(place).Place == place ? place
        : $"{place}{Start}";

    /// <summary>The place and the mark in a text of <see cref="Join"/>. Any other text is a place.</summary>
    public static (string Place, StickyMark? Mark) Split(string text)
    {
        var at = text.LastIndexOf(Start, StringComparison.Ordinal);
        if (at < 0)
            return (text, null);
        var rest = text[(at + Start.Length)..];
        if (rest.Length == 0)
            return (text[..at], null);
        return rest.Split(':', 2) is [var seconds, var owner]
            && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var lasts) && StickyOwner.Parse(owner) is { } known
            ? (text[..at], new StickyMark(known, lasts == 0 ? null : TimeSpan.FromSeconds(lasts)))
            : (text, null);
    }
}

/// <summary>What a sticky owner has one address of each range set for: an interface in a network.</summary>
/// <param name="Owner">The sticky owner.</param>
/// <param name="Network">The network's name.</param>
/// <param name="InterfaceName">The interface's name.</param>
public sealed record StickyInterface(StickyOwner Owner, string Network, string InterfaceName)
{
    /// <summary>The name under which stores keep which addresses it has.</summary>
    public override string ToString() => $"{Owner}/{InterfaceName}/{Network}";
}
