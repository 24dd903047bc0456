using System.Text.Json;

namespace Cni.Protocol;

/// <summary>Reads GC's list of valid attachments under either of its names.</summary>
internal static class ValidAttachmentsReader
{
    private static readonly string[] Keys = ["cni.dev/valid-attachments", "cni.dev/attachments"];

    /// <summary>The first key that holds a list wins. Throws code 6 for a wrong type, code 7 for an entry that names nothing.</summary>
    public static ValidAttachments Read(JsonElement configuration)
    {
        var presence = ValidAttachmentsPresence.Absent;
        foreach (var key in Keys)
        {
            if (configuration.GetArray(key) is { } list)
                return new ValidAttachments(ValidAttachmentsPresence.Given, Items(list, key));
            if (configuration.HasKey(key))
                presence = ValidAttachmentsPresence.Null;
        }
        return new ValidAttachments(presence, []);
    }

    private static List<CniAttachment> Items(JsonElement list, string key)
    {
        var items = new List<CniAttachment>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            JsonKeys.Ensure(item.ValueKind, JsonValueKind.Object, key, JsonSubject.Configuration);
            items.Add(new CniAttachment(Required(item, "containerID", key), Required(item, "ifname", key)));
        }
        return items;
    }

    private static string Required(JsonElement item, string name, string key) =>
        item.GetText(name) is { Length: > 0 } text
            ? text
            : throw new CniException(CniErrorCode.InvalidNetworkConfig, $"an entry of \"{key}\" has no \"{name}\"", item.GetRawText());
}
