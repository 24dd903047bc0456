using System.Buffers;
using System.Text;

namespace Net.Plugin.Attachments;

/// <summary>
/// What the host's half of an attachment is marked with, so that it is found again when the container, its namespace and every record of
/// it are gone: rules carry the text as their comment, links as their alias. The form is that of the reference plugins' nftables
/// rules (containernetworking/plugins, pkg/ip), so that either can clean up after the other.
/// </summary>
internal sealed record AttachmentTag
{
    /// <summary>As much as nftables prints of a comment; a link's alias may be longer.</summary>
    public const int LongestText = 128;

    private const int HashDigits = 16;
    private const int LinkNameDigits = 8;

    /// <summary>How many names the host's end may have. With each next one it is less likely that the ones before are taken.</summary>
    public const int HostLinkNames = 10;
    private const int ChainNameDigits = 24;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("0123456789abcdef-");

    // Network and container; null where only the text is known.
    private readonly string? _reference;

    public AttachmentTag(string network, string containerId, string interfaceName)
        : this(PrefixOf(network) + Sha512.HexPrefix($"{interfaceName}:{containerId}", HashDigits)) =>
        (Text, _reference) = (Cut(Clean($"{Key}, net: {network}, if: {interfaceName}, id: {containerId}")), network + containerId);

    private AttachmentTag(string key)
    {
        Key = Text = key;
        NetworkPrefix = key[..(HashDigits + 1)];
        var digits = Sha512.HexPrefix(Key, ChainNameDigits);
        HostLinkName = LinkName(digits);
        ChainName = $"CNI-{digits}";
    }

    /// <summary>What all keys of the network begin with.</summary>
    public string NetworkPrefix { get; }

    /// <summary>Tells the attachment from all others, in 33 characters.</summary>
    public string Key { get; }

    /// <summary>The key and, for people, what it stands for. At most <see cref="LongestText"/> bytes.</summary>
    public string Text { get; private init; }

    /// <summary>
    /// The name that the host's end of the veth pair has, unless another attachment's has it: <c>veth</c> and eight digits, as the
    /// reference's, but the same ones each time.
    /// </summary>
    public string HostLinkName { get; }

    /// <summary>The name that it has instead where so many names before are taken: <see cref="HostLinkName"/> is number 0.</summary>
    public string HostLinkNameNumber(int number) => number == 0 ? HostLinkName : LinkName(Sha512.HexPrefix($"{Key}/{number}", LinkNameDigits));

    /// <summary>Whether it is one of this attachment's names for the host's end, of which others have one by chance once in a billion.</summary>
    public bool IsHostLinkName(string name)
    {
        for (var number = 0; number < HostLinkNames; number++)
        {
            if (HostLinkNameNumber(number) == name)
                return true;
        }
        return false;
    }

    /// <summary>The iptables chain with this attachment's rules.</summary>
    public string ChainName { get; }

    /// <summary>
    /// The iptables chains in which there may be rules of this attachment: its own and, where network and container are known, the one in
    /// which the reference plugins keep the container's.
    /// </summary>
    public IReadOnlyList<string> ChainNames => _reference is null ? [ChainName] : [ChainName, $"CNI-{Sha512.HexPrefix(_reference, ChainNameDigits)}"];

    /// <summary>What the keys of a network's attachments begin with.</summary>
    public static string PrefixOf(string network) => $"{Sha512.HexPrefix(network, HashDigits)}-";

    /// <summary>The tag in a link's alias; null if it has none of the network.</summary>
    /// <param name="text">The alias.</param>
    /// <param name="networkPrefix">As <see cref="PrefixOf"/> gives it.</param>
    public static AttachmentTag? Read(string? text, string networkPrefix) =>
        KeyIn(text, networkPrefix) is { } key ? new AttachmentTag(key) { Text = Cut(Clean(text!)) } : null;

    /// <summary>The key at the start of a comment or alias, or null if it has none of the network.</summary>
    public static string? KeyIn(string? text, string networkPrefix) =>
        KeyIn(text) is { } key && key.StartsWith(networkPrefix, StringComparison.Ordinal) ? key : null;

    /// <summary>The key at the start of a comment or alias, or null if it has none.</summary>
    public static string? KeyIn(string? text)
    {
        const int Length = 2 * HashDigits + 1;
        if (text is null || text.Length < Length || (text.Length > Length && text[Length] != ',') || text[HashDigits] != '-')
            return null;
        var key = text[..Length];
        return key.AsSpan().ContainsAnyExcept(KeyCharacters) ? null : key;
    }

    private static string LinkName(string digits) => $"veth{digits[..LinkNameDigits]}";

    // Quotes end a comment early in what nft and iptables-restore read, a backslash changes what follows it.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is not ('"' or '\\') && !char.IsControl(c))
                clean.Append(c);
        }
        return clean.ToString();
    }

    private static string Cut(string text)
    {
        var length = Math.Min(text.Length, LongestText);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > LongestText || (length > 0 && char.IsHighSurrogate(text[length - 1])))
            length--;
        return text[..length];
    }
}
