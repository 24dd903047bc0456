using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>The Kubernetes API over HTTP, as its documentation describes it (kubernetes.io, "Kubernetes API Concepts").</summary>
internal sealed class HttpKubernetesClient : IKubernetesClient
{
    private const string MetadataOfOne = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string MetadataOfMany = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private const int LikelyObjectBytes = 16 * 1024;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ApiConnection _connection;
    private readonly ApiErrors _errors;
    private readonly WatchReader _watches;

    /// <summary>A client of a server.</summary>
    /// <param name="access">The server, and who we are.</param>
    /// <param name="interruptions">Counts how often the server was away.</param>
    /// <param name="requestTimeout">How long a request may take, with repetitions and the pauses between them.</param>
    /// <param name="connectTimeout">How long connecting may take.</param>
    /// <param name="watchDuration">After how long the server is asked to end a watch.</param>
    /// <param name="time">The clock.</param>
    public HttpKubernetesClient(
        ClusterAccess access, Interruptions interruptions, TimeSpan requestTimeout, TimeSpan connectTimeout, TimeSpan watchDuration, TimeProvider time)
    {
        _errors = new ApiErrors(access.Description);
        _connection = new ApiConnection(access, _errors, interruptions, requestTimeout, connectTimeout, time);
        _watches = new WatchReader(_connection, _errors, interruptions, watchDuration, time);
    }

    private delegate T Reading<T>(ref Utf8JsonReader json);

    public void Dispose() => _connection.Dispose();

    public async Task ProbeAsync(Resource kind, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, "list", kind, kind.Path + new ListQuery { Limit = 1 }.ToQueryString()) { Accept = MetadataOfMany };
        using var answer = await _connection.SendAsync(request, cancellationToken);
        Parse(request, answer, static (ref Utf8JsonReader json) => json.TrySkip());
    }

    public Task<T?> GetAsync<T>(Kind<T> kind, string name, CancellationToken cancellationToken)
        where T : class => GetAsync(kind, name, mayBeForbidden: false, cancellationToken);

    public Task<T?> FindAsync<T>(Kind<T> kind, string name, CancellationToken cancellationToken)
        where T : class => GetAsync(kind, name, mayBeForbidden: true, cancellationToken);

    public async Task<ListPage<T>> ListAsync<T>(Kind<T> kind, ListQuery query, CancellationToken cancellationToken)
    {
        using var page = await FetchAsync(kind, query, cancellationToken);
        return page.Read();
    }

    public async Task<FetchedPage<T>> FetchAsync<T>(Kind<T> kind, ListQuery query, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, "list", kind, kind.Path + query.ToQueryString())
        {
            Accept = kind.IsMetadataOnly ? MetadataOfMany : "application/json",
        };
        var answer = await _connection.SendAsync(request, cancellationToken);
        try
        {
            var head = answer.Status == HttpStatusCode.Gone
                ? new ListPage<T>([], ApiStatus.Parse(answer.Body.Span).Continue, "", IsExpired: true)
                : Parse(request, answer, ReadHead<T>);
            return new FetchedPage<T>(head, () => Parse(request, answer, (ref Utf8JsonReader json) => ReadItems(kind, ref json)), answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public Task<WriteAnswer> CreateAsync<T>(Kind<T> kind, T value, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Post, "create", kind, kind.Path + Validation(kind)) { Accept = MetadataOfOne }, kind, value, cancellationToken);

    public async Task<T> AskAsync<T>(Kind<T> kind, T question, CancellationToken cancellationToken)
        where T : class
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Plain))
            kind.Write(json, question);
        var request = new ApiRequest(HttpMethod.Post, "create", kind, kind.Path) { Body = body.WrittenMemory };
        using var answer = await _connection.SendAsync(request, cancellationToken);
        return Parse(request, answer, kind.Read);
    }

    public Task<WriteAnswer> ReplaceAsync<T>(Kind<T> kind, string name, T value, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Put, "update", kind, kind.PathOf(name) + Validation(kind)) { Accept = MetadataOfOne }, kind, value, cancellationToken);

    public Task<WriteAnswer> PatchAsync(Resource kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        MergeAsync(kind, kind.PathOf(name), json, cancellationToken);

    public Task<WriteAnswer> PatchStatusAsync(Resource kind, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        MergeAsync(kind, $"{kind.PathOf(name)}/status", json, cancellationToken);

    public async Task<WriteAnswer> DeleteAsync(Resource kind, string name, long resourceVersion, string? uid, CancellationToken cancellationToken)
    {
        var version = resourceVersion.ToString(CultureInfo.InvariantCulture);
        var identity = uid is null ? "" : $"\"uid\":\"{JsonEncodedText.Encode(uid)}\",";
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{{{{identity}}}"resourceVersion":"{{{version}}}"}}""");
        return await WriteAsync(
            new ApiRequest(HttpMethod.Delete, "delete", kind, kind.PathOf(name)) { Body = body, Accept = MetadataOfOne }, cancellationToken);
    }

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(Kind<T> kind, string resourceVersion, CancellationToken cancellationToken)
        where T : class => _watches.ReadAsync(kind, resourceVersion, cancellationToken);

    private async Task<T?> GetAsync<T>(Kind<T> kind, string name, bool mayBeForbidden, CancellationToken cancellationToken)
        where T : class
    {
        // Asked for all the same, another thing would be answered: the listing, or a part of another object.
        if (!Resource.IsName(name))
            return null;
        var request = new ApiRequest(HttpMethod.Get, "get", kind, kind.PathOf(name)) { Accept = kind.IsMetadataOnly ? MetadataOfOne : "application/json" };
        using var answer = await _connection.SendAsync(request, cancellationToken);
        if (IsMissingObject(answer) || (mayBeForbidden && answer.Status == HttpStatusCode.Forbidden))
            return null;
        return Parse(request, answer, kind.Read);
    }

    private Task<WriteAnswer> MergeAsync(Resource kind, string path, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => WriteAsync(
        new ApiRequest(HttpMethod.Patch, "patch", kind, path) { Body = json, ContentType = "application/merge-patch+json", Accept = MetadataOfOne },
        cancellationToken);

    private async Task<WriteAnswer> WriteAsync<T>(ApiRequest request, Kind<T> kind, T value, CancellationToken cancellationToken)
    {
        var body = new PooledBuffer(LikelyObjectBytes);
        using (var json = new Utf8JsonWriter(body, Plain))
            kind.Write(json, value);
        var answer = await WriteAsync(request with { Body = body.Memory }, cancellationToken);
        // The server has taken the body in, or it could not compare versions. Where it failed, the handler may still be sending, and the memory
        // is left to the collector.
        body.Dispose();
        return answer;
    }

    private async Task<WriteAnswer> WriteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var answer = await _connection.SendAsync(request, cancellationToken);
        if (answer.Status == HttpStatusCode.Conflict)
            return new WriteAnswer(WriteOutcome.Conflict, null);
        if (request.Method != HttpMethod.Post && IsMissingObject(answer))
            return new WriteAnswer(WriteOutcome.Missing, null);
        // A deletion is answered with the object or with a Status, which has no version.
        if (request.Method == HttpMethod.Delete && answer.IsSuccess)
            return new WriteAnswer(WriteOutcome.Written, null);
        return new WriteAnswer(WriteOutcome.Written, Parse(request, answer, ObjectMeta.Read));
    }

    private static string Validation(Resource kind) => kind.IsStrict ? "?fieldValidation=Strict" : "";

    /// <summary>Whether only the object is missing: if its kind were, the answer would name no object.</summary>
    private static bool IsMissingObject(ApiAnswer answer) =>
        answer.Status == HttpStatusCode.NotFound && ApiStatus.Parse(answer.Body.Span).Name.Length > 0;

    /// <summary>The page without its items, which servers write behind what this looks for.</summary>
    private static ListPage<T> ReadHead<T>(ref Utf8JsonReader json)
    {
        string next = "", version = "";
        while (json.NextProperty())
        {
            if (!json.Is("metadata"u8))
            {
                json.Skip();
                continue;
            }
            if (!json.BeginsObject())
                continue;
            while (json.NextProperty())
            {
                if (json.Is("continue"u8))
                    next = json.Text();
                else if (json.Is("resourceVersion"u8))
                    version = json.Text();
                else
                    json.Skip();
            }
            break;
        }
        return new ListPage<T>([], next.Length == 0 ? null : next, version);
    }

    private static List<T> ReadItems<T>(Kind<T> kind, ref Utf8JsonReader json)
    {
        var items = new List<T>();
        while (json.NextProperty())
        {
            if (!json.Is("items"u8))
            {
                json.Skip();
                continue;
            }
            if (!json.BeginsArray())
                continue;
            while (json.NextItem())
                items.Add(json.TokenType == JsonTokenType.StartObject ? kind.Read(ref json) : throw new InvalidDataException("an item that is no object"));
        }
        return items;
    }

    /// <summary>What <paramref name="read"/> makes of an answer's body.</summary>
    private T Parse<T>(ApiRequest request, ApiAnswer answer, Reading<T> read)
    {
        if (!answer.IsSuccess)
            throw _errors.Refused(request, answer);
        try
        {
            var json = new Utf8JsonReader(answer.Body.Span);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new InvalidDataException("no JSON object");
            return read(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw _errors.Unreadable(request, e);
        }
    }
}
