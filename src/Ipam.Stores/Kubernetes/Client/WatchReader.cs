using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>Reads watches: one JSON object per line, for as long as the server goes on.</summary>
internal sealed class WatchReader(ApiConnection connection, ApiErrors errors, TimeSpan duration, TimeProvider time)
{
    /// <summary>How much later than asked for the server may end the watch before the connection counts as dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public async IAsyncEnumerable<WatchEvent> ReadAsync(
        ResourceType type, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seconds = (long)Math.Ceiling(duration.TotalSeconds);
        var request = new ApiRequest(HttpMethod.Get, type, string.Create(CultureInfo.InvariantCulture,
            $"{type.Path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}"))
        {
            Verb = "watch",
        };
        using var late = new CancellationTokenSource(duration + Grace, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        using var response = await GuardAsync(request, () => StartAsync(request, bounded.Token), cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            yield return new WatchEvent(WatchEventType.Expired, default);
            yield break;
        }
        yield return new WatchEvent(WatchEventType.Started, default);

        var lines = PipeReader.Create(await GuardAsync(request, () => response.Content.ReadAsStreamAsync(bounded.Token), cancellationToken));
        while (await GuardAsync(request, () => NextLineAsync(lines, bounded.Token), cancellationToken) is { } line)
        {
            if (Parse(request, line) is not { } next)
                continue;
            yield return next;
            if (next.Type == WatchEventType.Expired)
                yield break;
        }
    }

    private async Task<HttpResponseMessage> StartAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await connection.StartAsync(request, withNewCredentials: false, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            response = await connection.StartAsync(request, withNewCredentials: true, cancellationToken);
        }
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Gone)
            return response;
        using (response)
            throw errors.Refused(request, await connection.ReadAsync(response, cancellationToken));
    }

    private async Task<T> GuardAsync<T>(ApiRequest request, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.Late(request, duration + Grace, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
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
        }
    }

    private WatchEvent? Parse(ApiRequest request, byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var item = document.RootElement.GetProperty("object").Clone();
            return document.RootElement.GetProperty("type").GetString() switch
            {
                "ADDED" or "MODIFIED" => new WatchEvent(WatchEventType.Changed, item),
                "DELETED" => new WatchEvent(WatchEventType.Deleted, item),
                "BOOKMARK" => new WatchEvent(WatchEventType.Bookmark, item),
                "ERROR" when ApiStatus.Of(item) is { Code: not (int)HttpStatusCode.Gone } status =>
                    throw errors.Refused(request, new ApiAnswer((HttpStatusCode)status.Code, null, line)),
                "ERROR" => new WatchEvent(WatchEventType.Expired, default),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw errors.Unreadable(request, e);
        }
    }
}
