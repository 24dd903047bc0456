using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>The authorities that may vouch for a server. They are read again for each new connection: those of a cluster are renewed while we run.</summary>
internal sealed class Authorities
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly SecretText _pem;
    private readonly X509Certificate2Collection _first;
    private volatile Reading _last;

    /// <summary>Those of a text.</summary>
    /// <exception cref="StoreException">It can't be read, or has none.</exception>
    public Authorities(SecretText pem)
    {
        _pem = pem;
        _last = new Reading(pem.Read(), pem.ReadCertificates());
        _first = _last.Certificates;
    }

    private sealed record Reading(string Pem, X509Certificate2Collection Certificates);

    /// <summary>How a connection checks its server, before it asks <see cref="Vouch"/>: by those that were read first.</summary>
    public X509ChainPolicy Policy => PolicyOf(_first);

    /// <summary>Whether they vouch for the server that shows this certificate, and it has the name that was asked for.</summary>
    /// <exception cref="AuthenticationException">They don't; the message says why and where they are from.</exception>
    public bool Vouch(X509Certificate? server, X509Chain? shown, SslPolicyErrors errors)
    {
        if (server is not X509Certificate2 certificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            throw new AuthenticationException($"the server's certificate {server?.Subject} is not for the name that was asked for");
        var current = Current();
        if (errors == SslPolicyErrors.None && ReferenceEquals(current, _first))
            return true;
        using var chain = new X509Chain { ChainPolicy = PolicyOf(current) };
        if (shown is not null)
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        if (chain.Build(certificate))
            return true;
        var why = string.Join(", ", chain.ChainStatus.Select(static status => status.StatusInformation.Trim()).Distinct());
        throw new AuthenticationException($"the server's certificate {certificate.Subject} is not vouched for by {_pem.Origin} ({why})");
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private X509Certificate2Collection Current()
    {
        if (!_pem.MayChange)
            return _first;
        try
        {
            var pem = _pem.Read();
            if (pem != _last.Pem)
                _last = new Reading(pem, _pem.ReadCertificates());
        }
        catch (StoreException)
        {
            // Someone is about to replace the file; those that were valid a moment ago still say who the server is.
            return _last.Certificates;
        }
        return _last.Certificates;
    }
}
