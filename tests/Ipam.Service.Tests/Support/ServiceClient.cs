using System.Net.Sockets;
using System.Text;

namespace Ipam.Service.Tests.Support;

/// <summary>A client of the service, as the plugin is one.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;

    public ServiceClient(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(socketPath, cancellationToken), ownsSocket: true),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://ipamd"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public Task<ServiceAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), default);

    /// <summary>Calls a verb for an attachment.</summary>
    /// <param name="verb">The verb, lower case.</param>
    /// <param name="json">The network's configuration.</param>
    /// <param name="container">The container's id; null for none.</param>
    /// <param name="headers">More headers, or others in place of the usual ones.</param>
    public Task<ServiceAnswer> CallAsync(string verb, string json, string? container = "c1", params (string Name, string Value)[] headers) =>
        CallAsync(verb, new StringContent(json, Encoding.UTF8), container, default, headers);

    public Task<ServiceAnswer> CallAsync(
        string verb, HttpContent body, string? container, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/cni/{verb}") { Content = body };
        var all = new Dictionary<string, string> { ["CNI_NETNS"] = "/run/netns/there-is-none", ["CNI_IFNAME"] = "eth0" };
        if (container is not null)
            all["CNI_CONTAINERID"] = container;
        foreach (var (name, value) in headers)
            all[name] = value;
        foreach (var (name, value) in all)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return SendAsync(request, cancellationToken);
    }

    public async Task<ServiceAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        return new ServiceAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(cancellationToken))
        {
            Moved = response.Headers.TryGetValues("IPAM-Moved", out var moved) ? string.Join(';', moved) : "",
        };
    }

    public static async Task<Socket> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();
}
