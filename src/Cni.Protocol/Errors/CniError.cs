using System.Text.Json;

namespace Cni.Protocol;

/// <summary>The error object of the protocol (SPEC 1.1.0, section "Error"): what a failing plugin prints on stdout.</summary>
/// <param name="Code">One of <see cref="CniErrorCode"/>, or 100 and up.</param>
/// <param name="Message">What happened, in a line.</param>
/// <param name="Details">More about it; left out of the JSON when empty.</param>
public sealed record CniError(int Code, string Message, string Details = "")
{
    /// <summary>
    /// <c>{"code":..,"msg":..,"details":..}</c> as UTF-8. Without <c>cniVersion</c>: the specification lists it, but the reference
    /// library never prints it, and an error may well be about the version.
    /// </summary>
    public byte[] ToJson()
    {
        var json = new JsonOutput(isIndented: false);
        json.StartObject();
        json.Write("code"u8, Code);
        json.Write("msg"u8, Message);
        if (Details.Length > 0)
            json.Write("details"u8, Details);
        json.EndObject();
        return json.ToArray();
    }

    /// <summary>The same, with this message where it has none.</summary>
    public CniError Or(string message) => Message.Length > 0 ? this : this with { Message = message };

    /// <summary>
    /// Reads an error object as others print it: keys in any case, unknown keys passed over. Null when the bytes are not one JSON
    /// object with a <c>code</c> or a <c>msg</c> of the right types.
    /// </summary>
    public static CniError? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CniError? Read(ReadOnlySpan<byte> bytes)
    {
        StrictJson.CheckForm(bytes);
        var json = StrictJson.Reader(bytes);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return null;

        int? code = null;
        string? message = null, details = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (StrictJson.KeyIs(ref json, "code"))
            {
                json.Read();
                if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var number))
                    return null;
                code = number;
            }
            else if (StrictJson.KeyIs(ref json, "msg"))
            {
                if (!TryReadText(ref json, out message))
                    return null;
            }
            else if (StrictJson.KeyIs(ref json, "details"))
            {
                if (!TryReadText(ref json, out details))
                    return null;
            }
            else
            {
                json.Skip();
            }
        }
        return code is null && message is null ? null : new CniError(code ?? 0, message ?? "", details ?? "");
    }

    private static bool TryReadText(ref Utf8JsonReader json, out string? text)
    {
        json.Read();
        text = null;
        if (json.TokenType == JsonTokenType.String)
        {
            StrictJson.CheckText(ref json);
            text = json.GetString();
        }
        return json.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }
}
