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
    public static ApiStatus Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (json.Read() && json.TokenType == JsonTokenType.StartObject)
                return Read(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            // Plain text, as from a proxy or for a path that the server doesn't know.
        }
        return new ApiStatus(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MostText)]).Trim(), "", 0, null);
    }

    /// <summary>Reads a Status object. The reader stands at its beginning, and afterwards at its end.</summary>
    public static ApiStatus Read(ref Utf8JsonReader json)
    {
        string message = "", name = "", next = "";
        var code = 0;
        while (json.NextProperty())
        {
            if (json.Is("message"u8))
                message = json.Text();
            else if (json.Is("code"u8))
                code = (int)json.Number();
            else if (json.Is("details"u8))
                name = Member(ref json, "name"u8);
            else if (json.Is("metadata"u8))
                next = Member(ref json, "continue"u8);
            else
                json.Skip();
        }
        return new ApiStatus(message, name, code, next.Length == 0 ? null : next);
    }

    private static string Member(ref Utf8JsonReader json, ReadOnlySpan<byte> wanted)
    {
        var text = "";
        if (!json.BeginsObject())
            return text;
        while (json.NextProperty())
        {
            if (json.Is(wanted))
                text = json.Text();
            else
                json.Skip();
        }
        return text;
    }
}
