using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using Ipam.Stores.Kubernetes.Access;
using k8s;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// Has the client of KubernetesClient whose connections show the certificate that is valid now. A connection shows its certificate once,
/// when it begins, and the server looks at it with every request: another certificate means other connections. May be used from several
/// threads at once.
/// </summary>
internal sealed class ApiClients(ClusterAccess access, TimeSpan connectTimeout) : IDisposable
{
    /// <summary>
    /// The kernel asks an idle connection after so long whether the other side is still there, so that a watch whose connection died is noticed. (The
    /// pings of HTTP/2 are for HTTP/2 only, and we speak HTTP/1.1.)
    /// </summary>
    private const int ProbeAfterSeconds = 10;

    private const int ProbeEverySeconds = 5;
    private const int MostProbes = 3;

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Longer than that no connection is used, so that servers that were added behind a load balancer get their share.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private sealed record Connected(SslStreamCertificateContext? Certificate, k8s.Kubernetes Client);

    private readonly Lock _gate = new();
    private volatile Connected? _current;
    private Connected? _former;

    /// <summary>The client for a certificate.</summary>
    public HttpClient For(SslStreamCertificateContext? certificate)
    {
        if (Made(_current, certificate) is { } current)
            return current;
        lock (_gate)
        {
            // Who asked for a credential before it was renewed still comes with the former one.
            if ((Made(_current, certificate) ?? Made(_former, certificate)) is { } made)
                return made;
            // Requests may still be under way on the current one. On the former there are none.
            _former?.Client.Dispose();
            _former = _current;
            _current = new Connected(certificate, Connect(certificate));
            return _current.Client.HttpClient;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _former?.Client.Dispose();
            _current?.Client.Dispose();
        }
    }

    private static HttpClient? Made(Connected? connected, SslStreamCertificateContext? certificate) =>
        connected is not null && ReferenceEquals(connected.Certificate, certificate) ? connected.Client.HttpClient : null;

    private k8s.Kubernetes Connect(SslStreamCertificateContext? certificate)
    {
        var version = typeof(ApiClients).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var client = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = access.Server.AbsoluteUri,
            UserAgent = string.Create(CultureInfo.InvariantCulture, $"ipamsuite/{version}"),
            FirstMessageHandlerSetup = handler => SetUp(handler, certificate),
        });
        foreach (var (name, value) in access.Impersonation)
            client.HttpClient.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        if (access.TlsServerName is { } server)
            client.HttpClient.DefaultRequestHeaders.Host = server;
        return client;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEverySeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, MostProbes);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void SetUp(SocketsHttpHandler handler, SslStreamCertificateContext? certificate)
    {
        handler.ConnectTimeout = connectTimeout;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
        handler.PooledConnectionLifetime = Lifetime;
        handler.ConnectCallback = ConnectAsync;
        handler.UseProxy = access.Proxy is not null;
        handler.Proxy = access.Proxy;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        handler.ActivityHeadersPropagator = null;
        handler.SslOptions = new SslClientAuthenticationOptions { ClientCertificateContext = certificate };
        if (access.IsInsecure)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null;
        if (access.Authorities is not { } authorities)
            return;
        handler.SslOptions.CertificateChainPolicy = authorities.Policy;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, chain, errors) => authorities.Vouch(shown, chain, errors);
    }
}
