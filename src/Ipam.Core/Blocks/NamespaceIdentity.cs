using System.Globalization;

namespace Ipam.Core.Blocks;

/// <summary>
/// Which network namespace was at a path when an address was handed out. The default value is that of an unknown one.
/// </summary>
/// <param name="Boot">The machine's boot: the first 32 bits of its random id.</param>
/// <param name="Inode">The namespace's inode; 0 if it isn't known. In one boot a number is handed out again once its namespace is gone.</param>
/// <param name="Folder">
/// Tells the folder of the path from others, as ipamd saw it with this very namespace in it; 0 if ipamd didn't see that. Only then does it mean something
/// that the path is missing from that folder.
/// </param>
public readonly record struct NamespaceIdentity(uint Boot, uint Inode, uint Folder)
{
    private const string Start = "/net:[";

    /// <summary>Whether it says anything.</summary>
    public bool IsKnown => Inode != 0;

    /// <summary>Whether ipamd itself saw the namespace at its path.</summary>
    public bool WasSeen => Folder != 0;

    /// <summary>
    /// The text under which stores keep a path with its identity, such as <c>/run/netns/x/net:[4026532281]@1f2e3d4c.9a8b7c6d</c>; of an unknown one the bare
    /// path. A program that doesn't know identities takes the text for the path of a file in what is no folder, of which it says nothing.
    /// </summary>
    public string Join(string path)
    {
        if (!IsKnown && Split(path).Path == path)
            return path;
        var text = string.Create(CultureInfo.InvariantCulture, $"{path}{Start}{Inode}]@{Boot:x8}");
        return WasSeen ? string.Create(CultureInfo.InvariantCulture, $"{text}.{Folder:x8}") : text;
    }

    /// <summary>The path and the identity in a text of <see cref="Join"/>. Any other text is a path.</summary>
    public static (string Path, NamespaceIdentity Identity) Split(string text)
    {
        var at = text.LastIndexOf(Start, StringComparison.Ordinal);
        return at >= 0 && TryParse(text.AsSpan(at + Start.Length), out var identity) ? (text[..at], identity) : (text, default);
    }

    /// <summary>Such as <c>net:[4026532281] of boot 1f2e3d4c</c>.</summary>
    public override string ToString() => IsKnown ? string.Create(CultureInfo.InvariantCulture, $"net:[{Inode}] of boot {Boot:x8}") : "unknown";

    private static bool TryParse(ReadOnlySpan<char> text, out NamespaceIdentity identity)
    {
        identity = default;
        var end = text.IndexOf("]@");
        if (end < 0 || !uint.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
            return false;
        var rest = text[(end + 2)..];
        uint folder = 0;
        if (rest.Length is not (8 or 17) || !uint.TryParse(rest[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var boot))
            return false;
        if (rest.Length == 17
            && (rest[8] != '.' || !uint.TryParse(rest[9..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out folder)))
            return false;
        identity = inode == 0 ? default : new NamespaceIdentity(boot, inode, folder);
        return true;
    }
}
