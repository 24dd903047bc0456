using System.Net;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>An answer of the API server. Its body lives until it is disposed.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">How long the server wants to be left alone; null if it doesn't say.</param>
/// <param name="Body">The body.</param>
internal sealed record ApiAnswer(HttpStatusCode Status, TimeSpan? RetryAfter, PooledBuffer Body) : IDisposable
{
    /// <summary>Whether the request was granted.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}
