using System.Net.Http.Headers;
using System.Net.Security;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>What shows the API server who we are.</summary>
/// <param name="Header">The Authorization header; null for none.</param>
/// <param name="Certificate">The client certificate, with its key and those between it and its authority; null for none.</param>
/// <param name="Until">When it is to be asked for again.</param>
internal sealed record Credential(AuthenticationHeaderValue? Header, SslStreamCertificateContext? Certificate, DateTimeOffset Until)
{
    /// <summary>One with a bearer token.</summary>
    public static Credential Bearer(string token, DateTimeOffset until) => new(new AuthenticationHeaderValue("Bearer", token), null, until);
}

/// <summary>
/// Has the credential that is valid now, and renews it when it expires or the server refuses it. However many ask, it is renewed once.
/// May be used from several threads at once.
/// </summary>
/// <param name="renew">Gets a new one, given the one before.</param>
/// <param name="late">What is said of a renewal that isn't done in time: who is slow, and what to do.</param>
/// <param name="time">The clock.</param>
internal sealed class Credentials(Func<Credential?, CancellationToken, Task<Credential>> renew, string late, TimeProvider time)
{
    /// <summary>How long a renewal may take. It goes on when those who asked have given up: a slow one serves the next who asks.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private volatile Credential? _last;
    private Task<Credential>? _renewal;

    /// <summary>The credential.</summary>
    /// <param name="refused">The one that the server refused; null if it refused none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StoreException">There is none.</exception>
    /// <exception cref="CredentialWaitException">The wait was cancelled.</exception>
    public ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellationToken) =>
        Usable(refused) is { } usable ? ValueTask.FromResult(usable) : new(WaitAsync(Renewal(refused), cancellationToken));

    private async Task<Credential> WaitAsync(Task<Credential> renewal, CancellationToken cancellationToken)
    {
        try
        {
            return await renewal.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new CredentialWaitException(late, e, cancellationToken);
        }
    }

    private Credential? Usable(Credential? refused) =>
        _last is { } last && !ReferenceEquals(last, refused) && time.GetUtcNow() < last.Until ? last : null;

    private Task<Credential> Renewal(Credential? refused)
    {
        lock (_gate)
        {
            // It may have been renewed while this one waited for the lock.
            if (Usable(refused) is { } usable)
                return Task.FromResult(usable);
            return _renewal ??= Task.Run(RenewAsync);
        }
    }

    private async Task<Credential> RenewAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            var renewed = await renew(_last, limit.Token);
            _last = renewed;
            return renewed;
        }
        finally
        {
            lock (_gate)
                _renewal = null;
        }
    }
}

/// <summary>A wait was cancelled while there was no credential, so that nothing was asked of the API server.</summary>
/// <param name="message">Who is slow, and what to do.</param>
/// <param name="inner">The cancellation.</param>
/// <param name="cancellationToken">What cancelled it.</param>
internal sealed class CredentialWaitException(string message, Exception inner, CancellationToken cancellationToken)
    : OperationCanceledException(message, inner, cancellationToken);
