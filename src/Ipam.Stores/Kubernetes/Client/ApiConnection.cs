using System.Net;
using System.Net.Http.Headers;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// Sends requests: with credentials, within a time-out, and again where that is safe. A read is repeated when the server is busy or failed
/// or the connection broke; a write only when the server says that it did not take it on (401, 429). Bytes go in and come out, and what the
/// server says is a value: KubernetesClient's own way of sending makes texts of bodies, and an exception of each conflict.
/// </summary>
internal sealed class ApiConnection(
    ClusterAccess access, ApiErrors errors, Interruptions interruptions, TimeSpan requestTimeout, TimeSpan connectTimeout, TimeProvider time) : IDisposable
{
    /// <summary>How often a request is repeated at most.</summary>
    private const int MostRepetitions = 6;

    private const int FirstPauseMilliseconds = 50;
    private const int MostDoublings = 5;
    private const int LikelyAnswerBytes = 4096;
    private const int MostAnswerBytes = 256 << 20;

    /// <summary>Whoever asked may give up earlier than we do.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly ApiClients _clients = new(access, connectTimeout);

    public void Dispose() => _clients.Dispose();

    /// <summary>Sends a request and returns the answer, whatever its status.</summary>
    /// <exception cref="StoreException">There was no answer.</exception>
    public async Task<ApiAnswer> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(requestTimeout, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await SendUntilAnsweredAsync(request, bounded.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw errors.Late(request, requestTimeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw errors.Unreachable(request, e);
        }
    }

    /// <summary>Sends a request and returns when the answer's head is there; with other credentials if the server refuses these.</summary>
    public async Task<HttpResponseMessage> StartAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var begunAt = time.GetTimestamp();
        var credential = await access.Credentials.GetAsync(null, cancellationToken);
        var response = await StartAsync(request, credential, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            credential = await access.Credentials.GetAsync(credential, cancellationToken);
            response = await StartAsync(request, credential, cancellationToken);
        }
        if ((int)response.StatusCode >= 500)
            interruptions.Failed();
        else
            interruptions.Answered(begunAt);
        return response;
    }

    /// <summary>Reads the answer to its end.</summary>
    public async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new PooledBuffer((int)Math.Clamp(response.Content.Headers.ContentLength + 1 ?? LikelyAnswerBytes, 1, MostAnswerBytes));
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(body.GetMemory(), cancellationToken) is > 0 and var count)
            {
                body.Advance(count);
                if (body.Length > MostAnswerBytes)
                    throw new IOException($"the answer has more than {MostAnswerBytes} bytes");
            }
            return new ApiAnswer(response.StatusCode, Wait(response.Headers.RetryAfter), body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private Task<HttpResponseMessage> StartAsync(ApiRequest request, Credential credential, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(access.Server, request.Path));
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.Authorization = credential.Header;
        // Once a body is under way, the handler doesn't repeat the request of its own accord when the connection breaks. All writes have one.
        if (!request.Body.IsEmpty)
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType) } };
        return _clients.For(credential.Certificate).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<ApiAnswer> SendUntilAnsweredAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            ApiAnswer? answer = null;
            try
            {
                answer = await SendOnceAsync(request, cancellationToken);
            }
            catch (HttpRequestException) when (request.IsRead && attempt == 0)
            {
                // The connection may have been an old one that the server has closed meanwhile. If it is down, those who wait shall know.
            }
            if (answer is not null && !MayRepeat(request, answer))
                return answer;
            var pause = answer?.RetryAfter ?? TimeSpan.FromMilliseconds(FirstPauseMilliseconds << Math.Min(attempt, MostDoublings));
            pause += Random.Shared.NextDouble() * TimeSpan.FromMilliseconds(FirstPauseMilliseconds);
            if (answer is not null && (attempt >= MostRepetitions || time.GetElapsedTime(started) + pause >= requestTimeout))
                return answer;
            answer?.Dispose();
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<ApiAnswer> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var begunAt = time.GetTimestamp();
        try
        {
            using var response = await StartAsync(request, cancellationToken);
            return await ReadAsync(response, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && time.GetElapsedTime(begunAt) >= Silence))
        {
            interruptions.Failed();
            throw;
        }
    }

    private static bool MayRepeat(ApiRequest request, ApiAnswer answer) =>
        answer.Status == HttpStatusCode.TooManyRequests || (request.IsRead && (int)answer.Status >= 500);

    private TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
