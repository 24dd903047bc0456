using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// Sends requests: with credentials, within a time-out, and again where that is safe. A read is repeated when the server is busy or failed
/// or the connection broke; a write only when the server says that it did not take it on (401, 429).
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("ipamsuite", typeof(ApiConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    private readonly ClusterAccess _access;
    private readonly KubernetesStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ApiErrors _errors;
    private readonly HttpClient _http;

    public ApiConnection(ClusterAccess access, KubernetesStoreOptions options, TimeProvider time, ApiErrors errors)
    {
        (_access, _options, _time, _errors) = (access, options, time, errors);
        _http = new HttpClient(HandlerFactory.Create(access, options)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose()
    {
        _http.Dispose();
        _access.Credentials.Dispose();
    }

    /// <summary>Sends a request and returns the answer, whatever its status.</summary>
    /// <exception cref="StoreException">There was no answer.</exception>
    public async Task<ApiAnswer> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await SendUntilAnsweredAsync(request, bounded.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _errors.Late(request, _options.RequestTimeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw _errors.Unreachable(request, e);
        }
    }

    /// <summary>Sends a request once and returns when the answer's head is there.</summary>
    public async Task<HttpResponseMessage> StartAsync(ApiRequest request, bool withNewCredentials, CancellationToken cancellationToken)
    {
        var credential = await _access.Credentials.GetAsync(withNewCredentials, cancellationToken);
        using var message = new HttpRequestMessage(request.Method, new Uri(_access.Server, request.Path))
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.UserAgent.Add(UserAgent);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (credential.Token is { } token)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (_access.TlsServerName is { } name)
            message.Headers.Host = name;
        // Once a body is under way, the handler doesn't repeat the request of its own accord when the connection breaks. All writes have one.
        if (!request.Body.IsEmpty)
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType) } };
        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private async Task<ApiAnswer> SendUntilAnsweredAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + _options.RequestTimeout;
        var wasUnauthorized = false;
        for (var attempt = 0; ; attempt++)
        {
            ApiAnswer? answer = null;
            try
            {
                answer = await SendOnceAsync(request, wasUnauthorized, cancellationToken);
            }
            catch (HttpRequestException) when (request.IsRead && attempt == 0)
            {
                // The connection may have been an old one that the server has closed meanwhile. If it is down, those who wait shall know.
            }
            if (answer?.Status == HttpStatusCode.Unauthorized && !wasUnauthorized)
            {
                wasUnauthorized = true;
                continue;
            }
            if (answer is not null && !MayRepeat(request, answer))
                return answer;
            var pause = RetryPause.Before(attempt, answer?.RetryAfter, Random.Shared);
            if (answer is not null && (attempt >= RetryPause.MostRepetitions || _time.GetUtcNow() + pause >= until))
                return answer;
            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private static bool MayRepeat(ApiRequest request, ApiAnswer answer) =>
        answer.Status == HttpStatusCode.TooManyRequests || (request.IsRead && (int)answer.Status >= 500);

    private async Task<ApiAnswer> SendOnceAsync(ApiRequest request, bool withNewCredentials, CancellationToken cancellationToken)
    {
        using var response = await StartAsync(request, withNewCredentials, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Reads the answer to its end.</summary>
    public async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var wait = response.Headers.RetryAfter;
        return new ApiAnswer(response.StatusCode, wait?.Delta ?? (wait?.Date is { } date ? Max(date - _time.GetUtcNow()) : null), body);
    }

    private static TimeSpan Max(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
