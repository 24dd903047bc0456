using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>The Kubernetes API over HTTP, as its documentation describes it (kubernetes.io, "Kubernetes API Concepts").</summary>
internal sealed class HttpKubernetesClient : IKubernetesClient
{
    private const string MetadataOfOne = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string MetadataOfMany = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    private readonly ApiConnection _connection;
    private readonly ApiErrors _errors;
    private readonly WatchReader _watches;

    public HttpKubernetesClient(ClusterAccess access, KubernetesStoreOptions options, TimeProvider time)
    {
        _errors = new ApiErrors(access.Description);
        _connection = new ApiConnection(access, options, time, _errors);
        _watches = new WatchReader(_connection, _errors, options.WatchDuration, time);
    }

    public void Dispose() => _connection.Dispose();

    public Task<JsonDocument?> GetAsync(ResourceType type, string name, CancellationToken cancellationToken) =>
        GetAsync(type, name, mayBeForbidden: false, cancellationToken);

    public Task<JsonDocument?> FindAsync(ResourceType type, string name, CancellationToken cancellationToken) =>
        GetAsync(type, name, mayBeForbidden: true, cancellationToken);

    private async Task<JsonDocument?> GetAsync(ResourceType type, string name, bool mayBeForbidden, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, type, type.PathOf(name)) { Verb = "get" };
        var answer = await _connection.SendAsync(request, cancellationToken);
        if (IsMissingObject(answer) || (mayBeForbidden && answer.Status == HttpStatusCode.Forbidden))
            return null;
        return answer.IsSuccess ? Parse(request, answer.Body) : throw _errors.Refused(request, answer);
    }

    public async Task<ListPage> ListAsync(ResourceType type, ListQuery query, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, type, type.Path + query.ToQueryString())
        {
            Verb = "list",
            Accept = query.MetadataOnly ? MetadataOfMany : "application/json",
        };
        var answer = await _connection.SendAsync(request, cancellationToken);
        if (answer.Status == HttpStatusCode.Gone)
            return new ListPage(null, ApiStatus.Parse(answer.Body).Continue, "");
        if (!answer.IsSuccess)
            throw _errors.Refused(request, answer);
        var document = Parse(request, answer.Body);
        var metadata = document.RootElement.TryGetProperty("metadata", out var element) ? element : default;
        var continueWith = Text(metadata, "continue");
        return new ListPage(document, continueWith.Length == 0 ? null : continueWith, Text(metadata, "resourceVersion"));
    }

    public Task<WriteAnswer> CreateAsync(ResourceType type, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Post, type, type.Path) { Verb = "create", Body = json, Accept = MetadataOfOne }, cancellationToken);

    public Task<WriteAnswer> ReplaceAsync(ResourceType type, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Put, type, type.PathOf(name)) { Verb = "update", Body = json, Accept = MetadataOfOne }, cancellationToken);

    public Task<WriteAnswer> PatchStatusAsync(ResourceType type, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Patch, type, $"{type.PathOf(name)}/status")
            {
                Verb = "patch",
                Body = json,
                ContentType = "application/merge-patch+json",
                Accept = MetadataOfOne,
            },
            cancellationToken);

    public async Task<WriteAnswer> DeleteAsync(ResourceType type, string name, Preconditions preconditions, CancellationToken cancellationToken)
    {
        var version = preconditions.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        var uid = preconditions.Uid is null ? "" : $"\"uid\":\"{JsonEncodedText.Encode(preconditions.Uid)}\",";
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{{{{uid}}}"resourceVersion":"{{{version}}}"}}""");
        var answer = await WriteAsync(new ApiRequest(HttpMethod.Delete, type, type.PathOf(name)) { Verb = "delete", Body = body, Accept = MetadataOfOne }, cancellationToken);
        return answer with { Meta = null };
    }

    public IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string resourceVersion, CancellationToken cancellationToken) =>
        _watches.ReadAsync(type, resourceVersion, cancellationToken);

    private async Task<WriteAnswer> WriteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var answer = await _connection.SendAsync(request, cancellationToken);
        if (answer.Status == HttpStatusCode.Conflict)
            return new WriteAnswer(WriteOutcome.Conflict, null);
        if (request.Method != HttpMethod.Post && IsMissingObject(answer))
            return new WriteAnswer(WriteOutcome.Missing, null);
        if (!answer.IsSuccess)
            throw _errors.Refused(request, answer);
        using var document = Parse(request, answer.Body);
        // A deletion is answered with the object or with a Status, which has no version.
        if (request.Method == HttpMethod.Delete)
            return new WriteAnswer(WriteOutcome.Written, null);
        try
        {
            return new WriteAnswer(WriteOutcome.Written, ObjectMeta.Of(document.RootElement));
        }
        catch (InvalidDataException e)
        {
            throw _errors.Unreadable(request, e);
        }
    }

    /// <summary>Whether only the object is missing: if its kind were, the answer would name no object.</summary>
    private static bool IsMissingObject(ApiAnswer answer) =>
        answer.Status == HttpStatusCode.NotFound && ApiStatus.Parse(answer.Body).Name.Length > 0;

    private JsonDocument Parse(ApiRequest request, byte[] body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new InvalidDataException("no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw _errors.Unreadable(request, e);
        }
    }

    private static string Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
