using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>Reads watches: one JSON object per line, for as long as the server goes on.</summary>
internal sealed class WatchReader(ApiConnection connection, ApiErrors errors, Interruptions interruptions, TimeSpan duration, TimeProvider time)
{
    /// <summary>How much later than asked for the server may end the watch before the connection counts as dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const int MostLineBytes = 16 << 20;

    public async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        Kind<T> kind, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var seconds = (long)Math.Ceiling(duration.TotalSeconds);
        var request = new ApiRequest(HttpMethod.Get, "watch", kind, string.Create(CultureInfo.InvariantCulture,
            $"{kind.Path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}"));
        using var late = new CancellationTokenSource(duration + Grace, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using var response = await GuardAsync(request, () => StartAsync(request, bounded.Token), cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            yield return new WatchEvent<T>(WatchEventType.Expired);
            yield break;
        }
        var startedAt = time.GetTimestamp();
        yield return new WatchEvent<T>(WatchEventType.Started);

        var lines = PipeReader.Create(await GuardAsync(request, () => response.Content.ReadAsStreamAsync(bounded.Token), cancellationToken));
        while (await GuardAsync(request, () => NextLineAsync(lines, bounded.Token), cancellationToken) is { } line)
        {
            if (Parse(request, kind, line) is not { } next)
                continue;
            yield return next;
            if (next.Type == WatchEventType.Expired)
                yield break;
        }
        if (time.GetElapsedTime(startedAt) < duration - Grace)
            interruptions.Failed();
    }

    private async Task<HttpResponseMessage> StartAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await connection.StartAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Gone)
            return response;
        using (response)
        {
            using var answer = await connection.ReadAsync(response, cancellationToken);
            throw errors.Refused(request, answer);
        }
    }

    private async Task<T> GuardAsync<T>(ApiRequest request, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            interruptions.Failed();
            throw errors.Late(request, duration + Grace, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            interruptions.Failed();
            throw errors.Unreachable(request, e);
        }
    }

    /// <summary>The next line; null at the end.</summary>
    private static async Task<byte[]?> NextLineAsync(PipeReader lines, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await lines.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                lines.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            if (read.IsCompleted)
                return null;
            lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.Buffer.Length > MostLineBytes)
                throw new IOException($"an event has more than {MostLineBytes} bytes");
        }
    }

    private WatchEvent<T>? Parse<T>(ApiRequest request, Kind<T> kind, byte[] line)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(line);
            var type = "";
            Utf8JsonReader item = default;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new InvalidDataException("no JSON object");
            while (json.NextProperty())
            {
                if (json.Is("type"u8))
                {
                    type = json.Text();
                }
                else if (json.Is("object"u8) && json.TokenType == JsonTokenType.StartObject)
                {
                    item = json;
                    json.Skip();
                }
                else
                {
                    json.Skip();
                }
            }
            return item.TokenType == JsonTokenType.StartObject ? Event(request, kind, type, ref item) : throw new InvalidDataException("an event without an object");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw errors.Unreadable(request, e);
        }
    }

    private WatchEvent<T>? Event<T>(ApiRequest request, Kind<T> kind, string type, ref Utf8JsonReader item)
        where T : class
    {
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                return new WatchEvent<T>(WatchEventType.Changed, kind.Read(ref item));
            case "DELETED":
                return new WatchEvent<T>(WatchEventType.Deleted, kind.Read(ref item));
            case "BOOKMARK":
                return new WatchEvent<T>(WatchEventType.Bookmark, Version: ObjectMeta.Read(ref item).ResourceVersion);
            case "ERROR":
                var status = ApiStatus.Read(ref item);
                return status.Code == (int)HttpStatusCode.Gone
                    ? new WatchEvent<T>(WatchEventType.Expired)
                    : throw errors.Refused(request, (HttpStatusCode)status.Code, status.Message);
            default:
                return null;
        }
    }
}
