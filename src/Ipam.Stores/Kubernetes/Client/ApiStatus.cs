using System.Text;
using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>The API server's own words about a request that it didn't grant: the Status object, or plain text.</summary>
/// <param name="Message">What it says.</param>
/// <param name="Name">The name of the object it is about; empty if it names none.</param>
/// <param name="Code">The status code it names; 0 if it names none.</param>
/// <param name="Continue">What goes on with a listing that has expired; null if it can't.</param>
internal sealed record ApiStatus(string Message, string Name, int Code, string? Continue)
{
    private const int MostText = 500;

    /// <summary>Reads the body of an answer.</summary>
    public static ApiStatus Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return Of(document.RootElement);
        }
        catch (JsonException)
        {
            // Plain text, as from a proxy or for a path that the server doesn't know.
        }
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostText)]).Trim();
        return new ApiStatus(text, "", 0, null);
    }

    /// <summary>Reads a Status object.</summary>
    public static ApiStatus Of(JsonElement status)
    {
        var name = status.TryGetProperty("details", out var details) ? Text(details, "name") : "";
        var continueWith = status.TryGetProperty("metadata", out var metadata) ? Text(metadata, "continue") : "";
        var code = status.TryGetProperty("code", out var number) && number.TryGetInt32(out var value) ? value : 0;
        return new ApiStatus(Text(status, "message"), name, code, continueWith.Length == 0 ? null : continueWith);
    }

    private static string Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
