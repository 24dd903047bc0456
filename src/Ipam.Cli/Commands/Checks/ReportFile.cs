using System.Globalization;
using System.Text.Json;
using Ipam.Cli.Terminal;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Checks;

/// <summary>Reads a document of <see cref="ReportView"/>, of which only the leaks matter here.</summary>
internal static class ReportFile
{
    /// <summary>Room for some 100,000 leaks.</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>More than any text has that a check writes there.</summary>
    private const int MostCharacters = 4096;

    /// <summary>The report in a file.</summary>
    /// <exception cref="UsageException">The file can't be read, or holds no report.</exception>
    public static LeakReport Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(UnixFile.Read(path, MostBytes, followLink: true));
            return Report(path, json.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"the report '{path}' can't be read: {JsonPlace.Why(e)}; wanted is what 'ipamctl check -o json' prints");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new UsageException($"the report '{path}' can't be read: {e.Message}; wanted is what 'ipamctl check -o json' prints");
        }
    }

    private static LeakReport Report(string path, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != 1 || list[0] is not { ValueKind: JsonValueKind.Object } report)
            throw new FormatException("it is no list of one object");
        var format = Number(report, "format");
        if (format != ReportView.Format)
            throw new FormatException($"its format is {format}, and this program reads {ReportView.Format}");
        if (!report.TryGetProperty("findings", out var findings) || findings.ValueKind != JsonValueKind.Array)
            throw new FormatException("it has no list of findings");
        return new LeakReport(
            path, Time(report, "time"), Text(report, "identity"), OptionalText(report, "clusterUid") ?? "",
            [.. findings.EnumerateArray().Where(static finding => Text(finding, "kind") == Finding.Leak).Select(Leak)]);
    }

    private static ReportedLeak Leak(JsonElement finding) => new(
        new LeaseToken(Text(finding, "space"), AddressOf(finding), Number(finding, "sequence")), Text(finding, "source"), Text(finding, "reason"));

    private static Address AddressOf(JsonElement finding) =>
        Address.TryParse(Text(finding, "address"), out var address) ? address : throw new FormatException($"'{Text(finding, "address")}' is no address");

    private static DateTimeOffset Time(JsonElement of, string key) =>
        DateTimeOffset.TryParse(Text(of, key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"its \"{key}\" is no time as RFC 3339 has it");

    private static long Number(JsonElement of, string key) =>
        Property(of, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : throw new FormatException($"a \"{key}\" is no whole number");

    private static string Text(JsonElement of, string key) => OptionalText(of, key) ?? throw new FormatException($"a \"{key}\" is missing, or no text");

    private static string? OptionalText(JsonElement of, string key) => Property(of, key) switch
    {
        { ValueKind: JsonValueKind.String } value when value.GetString() is { Length: <= MostCharacters } text => text,
        { ValueKind: JsonValueKind.String } => throw new FormatException($"a \"{key}\" has more than {MostCharacters} characters"),
        _ => null,
    };

    private static JsonElement? Property(JsonElement of, string key) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(key, out var value) ? value : null;
}
