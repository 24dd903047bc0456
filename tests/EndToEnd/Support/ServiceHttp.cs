using System.Net.Sockets;

namespace EndToEnd.Support;

/// <summary>HTTP over a service's unix socket.</summary>
internal sealed class ServiceHttp : IDisposable
{
    private readonly HttpClient _client;

    public ServiceHttp(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://ipamd"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>The body of an answer, whatever its status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>A sample of /metrics, by its name with labels; null when there is none.</summary>
    public async Task<double?> MetricAsync(string sample)
    {
        foreach (var line in (await GetAsync("/metrics")).Split('\n'))
        {
            if (line.StartsWith($"{sample} ", StringComparison.Ordinal))
                return double.Parse(line[(sample.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        }
        return null;
    }

    public void Dispose() => _client.Dispose();
}
