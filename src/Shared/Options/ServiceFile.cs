using System.Text.Json;

namespace IpamSuite.Shared;

/// <summary>ipamd's configuration file, of which ipamctl reads a part.</summary>
internal static class ServiceFile
{
    /// <summary>Many times what all options together have.</summary>
    private const int MostBytes = 1 << 20;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the JSON object in the file. Never waits for another process.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="read">Takes from the object what is wanted.</param>
    /// <exception cref="FormatException">It can't be read, or is none; the message names the file.</exception>
    public static T Read<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(UnixFile.Read(path, MostBytes, followLink: true), Lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(json.RootElement)
                : throw new FormatException($"{path}: wanted a JSON object, found {json.RootElement.ValueKind}");
        }
        catch (JsonException e)
        {
            throw Unreadable(path, JsonPlace.Why(e), e);
        }
        catch (InvalidOperationException e)
        {
            throw Unreadable(path, "a text can't be decoded: there is half of a surrogate pair in it; write the character itself, in UTF-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable(path, e.Message, e);
        }
    }

    private static FormatException Unreadable(string path, string why, Exception cause) => new($"{path} can't be read as JSON: {why}", cause);
}
