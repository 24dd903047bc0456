using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>
/// A range as somebody wrote it in a document: texts. A text that is null or empty counts as not given. All documents are read by these
/// rules, so the same key has the same meaning everywhere.
/// </summary>
public readonly record struct RangeForm()
{
    /// <summary>The word for a gateway that a range doesn't have: no address is kept back for it.</summary>
    public const string NoGateway = "none";

    /// <summary>The subnet, in CIDR notation.</summary>
    public string? Subnet { get; init; }

    /// <summary>The first address.</summary>
    public string? RangeStart { get; init; }

    /// <summary>The last address.</summary>
    public string? RangeEnd { get; init; }

    /// <summary>The gateway, or <see cref="NoGateway"/>.</summary>
    public string? Gateway { get; init; }

    /// <summary>Addresses, prefixes and <c>FIRST-LAST</c> that are never handed out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether the .0 and .255 of each /24 are left out.</summary>
    public bool SkipEdges { get; init; }

    /// <summary>Whether who asks for an address of the subnet outside the range gets it.</summary>
    public bool AllowOutside { get; init; }

    /// <summary>The range.</summary>
    /// <param name="where">What to call it in messages.</param>
    /// <exception cref="FormatException">A text isn't what it must be; the message says what was found and what is wanted.</exception>
    public PoolRange Read(string where) => new()
    {
        Subnet = string.IsNullOrEmpty(Subnet)
            ? throw new FormatException($"{where}: \"subnet\" is missing; give a subnet such as \"10.1.0.0/16\"")
            : ReadPrefix(Subnet, where, "subnet"),
        First = ReadAddress(RangeStart, where, "rangeStart"),
        Last = ReadAddress(RangeEnd, where, "rangeEnd"),
        Gateway = ReadGateway(Gateway, where),
        HasGatewayByDefault = Gateway != NoGateway,
        Excluded = ReadRanges(Exclude, where, "exclude"),
        SkipEdges = SkipEdges,
        AllowOutside = AllowOutside,
    };

    /// <summary>The address that a text is; null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">What to call the object that has it.</param>
    /// <param name="key">Its key there.</param>
    /// <exception cref="FormatException">It is no address.</exception>
    public static Address? ReadAddress(string? text, string where, string key)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return Address.TryParse(text, out var address)
            ? address
            : throw new FormatException($"{where}: {key} \"{text}\" is not an IP address such as 10.1.0.5 or fd00::5");
    }

    /// <summary>The gateway that a text is; null if there is none, or the text is <see cref="NoGateway"/>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Address? ReadGateway(string? text, string where)
    {
        if (text == NoGateway)
            return null;
        return string.IsNullOrEmpty(text) || Address.TryParse(text, out _)
            ? ReadAddress(text, where, "gateway")
            : throw new FormatException($"{where}: gateway \"{text}\" is neither an IP address such as 10.1.0.1 or fd00::1 nor \"{NoGateway}\"");
    }

    /// <summary>The prefix that a text is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Prefix ReadPrefix(string text, string where, string key) => Prefix.TryParse(text, out var prefix)
        ? prefix
        : throw new FormatException($"{where}: {key} \"{text}\" is not in CIDR notation, such as \"10.1.0.0/16\"");

    /// <summary>The addresses that texts name: single ones, prefixes and <c>FIRST-LAST</c>.</summary>
    /// <exception cref="FormatException">One names none.</exception>
    public static IReadOnlyList<AddressRange> ReadRanges(IEnumerable<string> texts, string where, string key) =>
    [
        .. texts.Select(text => AddressRange.TryParse(text, out var range)
            ? range
            : throw new FormatException(
                $"{where}: {key} \"{text}\" is none of: an address, a prefix such as \"10.1.0.0/28\", a range such as \"10.1.0.5-10.1.0.9\"")),
    ];
}
