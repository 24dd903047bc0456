using System.Net.Http.Headers;
using System.Net.Security;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>
/// A credential that is written down: a bearer token, or a name and a password, with or without a client certificate. What is in files may
/// be replaced by others, as kubelet does with tokens of service accounts: it is read again now and then, and when the server refuses it.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class WrittenCredentials(TimeProvider time)
{
    /// <summary>What is said while files are not read in time.</summary>
    public const string Late = "the files of the credentials can't be read so fast; look at the disk that they are on";

    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(30);

    private (string Certificate, string Key) _pem;

    /// <summary>The bearer token; null for none.</summary>
    public SecretText? Token { get; init; }

    /// <summary>The header of a name and a password; null for none.</summary>
    public AuthenticationHeaderValue? Basic { get; init; }

    /// <summary>The client certificate and its key; null for none.</summary>
    public (SecretText Certificate, SecretText Key)? Certificate { get; init; }

    /// <summary>Reads it, as <see cref="Credentials"/> wants it.</summary>
    /// <exception cref="StoreException">A file can't be read or used.</exception>
    public Task<Credential> ReadAsync(Credential? last, CancellationToken cancellationToken)
    {
        var header = Token is { } token ? Bearer(token, last?.Header) : Basic;
        var certificate = Certificate is var (chain, key) ? ReadCertificate(chain, key, last?.Certificate) : null;
        var mayChange = Token?.MayChange == true || Certificate is { } given && (given.Certificate.MayChange || given.Key.MayChange);
        return Task.FromResult(new Credential(header, certificate, mayChange ? time.GetUtcNow() + ReadAgainAfter : DateTimeOffset.MaxValue));
    }

    private static AuthenticationHeaderValue Bearer(SecretText token, AuthenticationHeaderValue? last)
    {
        try
        {
            var text = token.Read().Trim();
            return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? new AuthenticationHeaderValue("Bearer", text)
                : throw new StoreException($"there is no bearer token in {token.Origin}; it must hold one, in one line, and nothing else");
        }
        catch (StoreException) when (last is not null)
        {
            // The file may be just about to be written. If the last token doesn't work any more, the server says so.
            return last;
        }
    }

    private SslStreamCertificateContext ReadCertificate(SecretText chain, SecretText key, SslStreamCertificateContext? last)
    {
        try
        {
            var pem = (chain.Read(), key.Read());
            // The same certificate stays the same object, and with it the connections that showed it.
            if (last is null || pem != _pem)
                (last, _pem) = (ClientCertificate.Read(chain, key), pem);
            return last;
        }
        catch (StoreException) when (last is not null)
        {
            // Of two files, one may have been replaced, and the other be about to.
            return last;
        }
    }
}
