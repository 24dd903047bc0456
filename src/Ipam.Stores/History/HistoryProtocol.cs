using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.History;
using Ipam.Stores.Text;

namespace Ipam.Stores.History;

/// <summary>How a node is asked for its history over HTTP, and what it answers; both ends. <c>GET /history?address=10.1.0.17</c>, with a token of the cluster.</summary>
public static class HistoryProtocol
{
    /// <summary>The path.</summary>
    public const string Path = "/history";

    /// <summary>Whom tokens must be made for (kubernetes.io, TokenRequest): they are good for this and for nothing else.</summary>
    public const string Audience = "ipamsuite.dev/history";

    /// <summary>What an answer is: events, one after the other, as stores write them.</summary>
    public const string ContentType = "application/vnd.ipamsuite.history.v1";

    /// <summary>The longest answer, in bytes.</summary>
    public const int MostBytes = 64 << 20;

    private const string Space = "space";
    private const string Address = "address";
    private const string Holder = "holder";
    private const string Since = "since";
    private const string Until = "until";

    /// <summary>A question, as what follows the path.</summary>
    public static string Write(HistoryQuestion question)
    {
        (string Key, string? Value)[] parts =
        [
            (Space, question.Space), (Address, question.Address?.ToString()), (Holder, question.Holder), (Since, Milliseconds(question.Since)), (Until, Milliseconds(question.Until)),
        ];
        var given = parts.Where(static part => part.Value is not null).Select(static part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}");
        return string.Join('&', given) is { Length: > 0 } query ? $"?{query}" : "";
    }

    /// <summary>Reads a question.</summary>
    /// <param name="value">Gives the value of a key; null or empty if there is none.</param>
    /// <exception cref="FormatException">A value makes no sense; the message says which.</exception>
    public static HistoryQuestion Read(Func<string, string?> value) => new()
    {
        Space = NotEmpty(value(Space)),
        Address = NotEmpty(value(Address)) is not { } address ? null
            : Core.Addresses.Address.TryParse(address, out var parsed) ? parsed
            : throw new FormatException($"{Address} '{address}' is no address"),
        Holder = NotEmpty(value(Holder)),
        Since = Time(Since, value(Since)) ?? DateTimeOffset.MinValue,
        Until = Time(Until, value(Until)) ?? DateTimeOffset.MaxValue,
    };

    /// <summary>Events, as an answer has them.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<LeaseEvent> events)
    {
        var writer = new EventWriter();
        foreach (var one in events)
            writer.Write(one);
        return writer.Written.ToArray();
    }

    /// <summary>The events of an answer.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IReadOnlyList<LeaseEvent> Read(ReadOnlySpan<byte> answer) => EventReader.ReadAll(answer, new StringPool());

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? Milliseconds(DateTimeOffset time) => time == DateTimeOffset.MinValue || time == DateTimeOffset.MaxValue ? null
        : time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string key, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new FormatException($"{key} '{text}' is no time; wanted are milliseconds since 1970");
    }
}
