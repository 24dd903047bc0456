using System.Security.Cryptography.X509Certificates;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A token in a file that someone else renews, as kubelet does for service accounts. Read again now and then, and when refused.</summary>
internal sealed class TokenFile(string path, X509Certificate2? certificate, TimeProvider time) : IApiCredentials
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(30);

    private sealed record Reading(Credential Credential, DateTimeOffset At);

    private volatile Reading? _last;

    public X509Certificate2? Certificate => certificate;

    public async ValueTask<Credential> GetAsync(bool anew, CancellationToken cancellationToken)
    {
        if (!anew && _last is { } last && time.GetUtcNow() - last.At < ReadAgainAfter)
            return last.Credential;
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            var reading = new Reading(new Credential(token, certificate), time.GetUtcNow());
            _last = reading;
            return reading.Credential;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the token file {path} can't be read: {e.Message}; it must hold the bearer token for the Kubernetes API", e);
        }
    }

    public void Dispose() => certificate?.Dispose();
}
