using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;

namespace Ipam.Service.Http;

/// <summary>
/// Which addresses of its last answer the plugin found in use on the wire, and by whom: <c>10.1.2.3=02:00:00:00:00:01</c>, several with commas between them.
/// </summary>
internal static class ConflictsHeader
{
    public const string Name = "IPAM-Conflicts";

    /// <summary>More than an answer has addresses.</summary>
    private const int Most = 64;

    private const int LongestName = 64;

    /// <summary>Reads it; empty for a plugin that found none. Throws <see cref="CniException"/>: what can't be read can't be set aside.</summary>
    public static IReadOnlyList<AddressConflict> Parse(string? text)
    {
        if (text is null)
            return [];
        var entries = text.Split(',');
        return entries.Length <= Most ? [.. entries.Select(Read)] : throw Refused(text);

        AddressConflict Read(string entry) =>
            entry.Split('=') is [var address, var answeredBy] && Address.TryParse(address, out var parsed) && answeredBy.Length is > 0 and <= LongestName && answeredBy.All(IsOfName)
                ? new AddressConflict(parsed, answeredBy)
                : throw Refused(text);
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '.';

    private static CniException Refused(string text) => new(
        CniErrorCode.DecodingFailure, $"the header {Name} is \"{text}\"", "wanted is ADDRESS=WHO, and commas between several; is the plugin of another version?");
}
