using System.Text.Json;

namespace IpamSuite.Shared;

/// <summary>Where JSON can't be read. The framework's words for it count from 0, and are no part of a sentence.</summary>
internal static class JsonPlace
{
    /// <summary>The place, such as <c>at line 1, byte 6</c>, counted from 1; null if the fault names none.</summary>
    public static string? Of(JsonException fault) =>
        fault.LineNumber is { } line ? $"at line {line + 1}, byte {fault.BytePositionInLine + 1}" : null;

    /// <summary>Why it can't be read, to complete a sentence.</summary>
    public static string Why(JsonException fault) => Of(fault) is { } place ? $"it is no JSON {place}" : fault.Message.TrimEnd('.');
}
