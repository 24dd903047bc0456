using System.Globalization;
using System.Text.Json;
using Ipam.Core.Addresses;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>A line of an export that is read. Members throw <see cref="FormatException"/>, which names the line, for what isn't there or is of another kind.</summary>
internal sealed class ExportLine : IDisposable
{
    private readonly JsonDocument _json;
    private readonly long _number;

    public ExportLine(ReadOnlyMemory<byte> line, long number)
    {
        _number = number;
        try
        {
            _json = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw Wrong(e.BytePositionInLine is { } place ? $"it is no JSON at byte {place + 1}" : JsonPlace.Why(e));
        }
        if (_json.RootElement.ValueKind != JsonValueKind.Object)
            throw Wrong("it is no JSON object");
        Kind = Text("kind");
    }

    public string Kind { get; }

    public void Dispose() => _json.Dispose();

    public FormatException Wrong(string why) => new($"line {_number}: {why}");

    public string Text(string key) => OptionalText(key) ?? throw Wrong($"\"{key}\" is missing, or no text");

    public string? OptionalText(string key)
    {
        try
        {
            return Element(key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"\"{key}\" can't be decoded: there is half of a surrogate pair in it");
        }
    }

    public long Number(string key) =>
        Element(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : throw Wrong($"\"{key}\" is missing, or no whole number");

    public Address Address(string key) =>
        Core.Addresses.Address.TryParse(Text(key), out var address) ? address : throw Wrong($"\"{key}\" is '{Text(key)}', which is no address");

    public DateTimeOffset Time(string key) =>
        DateTimeOffset.TryParse(Text(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Wrong($"\"{key}\" is '{Text(key)}', which is no time as RFC 3339 has it");

    public JsonElement Object(string key) =>
        Element(key) is { ValueKind: JsonValueKind.Object } value ? value : throw Wrong($"\"{key}\" is missing, or no object");

    private JsonElement? Element(string key) => _json.RootElement.TryGetProperty(key, out var value) ? value : null;
}
