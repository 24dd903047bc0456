using System.Text.Json.Nodes;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>
/// Objects as an API server keeps them that checks nothing: what a server with the definitions of this repository would refuse is kept, too, as by an
/// older definition or a restored backup.
/// </summary>
internal sealed class MemoryApi
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<string, JsonObject>> _kinds = [];
    private long _version = 100;

    /// <summary>The objects of a kind, by name. Only for while nobody else asks.</summary>
    public SortedDictionary<string, JsonObject> Of(string plural)
    {
        if (!_kinds.TryGetValue(plural, out var objects))
            _kinds.Add(plural, objects = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal));
        return objects;
    }

    /// <summary>Answers a request.</summary>
    public FakeReply Answer(FakeRequest request)
    {
        var url = new Uri(new Uri("http://api"), request.Path);
        if (url.Query.Contains("watch=1", StringComparison.Ordinal))
            return FakeReply.Cut;
        var parts = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // Those of a namespace: /apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL.
        if (parts[3] == "namespaces" && parts.Length > 5)
            parts = [.. parts[..3], .. parts[5..]];
        lock (_lock)
        {
            var objects = Of(parts[3]);
            var name = parts.Length > 4 ? parts[4] : null;
            return request.Method switch
            {
                "GET" when name is null => List(objects, url.Query),
                "GET" => objects.TryGetValue(name, out var found) ? new FakeReply(200, found.ToJsonString()) : FakeReply.Refusal(404, "none", name!),
                "DELETE" => objects.Remove(name!) ? new FakeReply(200, "{}") : FakeReply.Refusal(404, "none", name!),
                _ => Put(objects, (JsonObject)JsonNode.Parse(request.Body)!, isNew: name is null),
            };
        }
    }

    private FakeReply Put(SortedDictionary<string, JsonObject> objects, JsonObject item, bool isNew)
    {
        var metadata = (JsonObject)item["metadata"]!;
        var name = (string)metadata["name"]!;
        objects.TryGetValue(name, out var there);
        if (isNew != (there is null) || (there is not null && (string)there["metadata"]!["resourceVersion"]! != (string?)metadata["resourceVersion"]))
            return FakeReply.Refusal(409, "another version");
        metadata["resourceVersion"] = $"{++_version}";
        metadata["uid"] ??= Guid.NewGuid().ToString();
        metadata.Remove("managedFields");
        objects[name] = item;
        return new FakeReply(isNew ? 201 : 200, item.ToJsonString());
    }

    private FakeReply List(SortedDictionary<string, JsonObject> objects, string query)
    {
        var selector = query.TrimStart('?').Split('&').FirstOrDefault(static part => part.StartsWith("labelSelector=", StringComparison.Ordinal));
        var terms = selector is null ? [] : Uri.UnescapeDataString(selector["labelSelector=".Length..]).Split(',');
        var items = objects.Values.Where(item => terms.All(term => IsMeant(item["metadata"]?["labels"] as JsonObject, term)));
        return new FakeReply(200, $$$"""{"metadata":{"resourceVersion":"{{{_version}}}"},"items":[{{{string.Join(',', items.Select(static item => item.ToJsonString()))}}}]}""");
    }

    private static bool IsMeant(JsonObject? labels, string term)
    {
        var equals = term.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? term : term[..equals];
        return labels?.ContainsKey(key) == true && (equals < 0 || (labels[key] is JsonValue value && value.ToString() == term[(equals + 1)..]));
    }
}
