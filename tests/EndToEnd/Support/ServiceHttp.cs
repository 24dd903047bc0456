using System.Diagnostics;
using System.Net.Sockets;

namespace EndToEnd.Support;

/// <summary>HTTP over a service's unix socket.</summary>
internal sealed class ServiceHttp : IDisposable
{
    private readonly HttpClient _client;

    public ServiceHttp(string socketPath, TimeSpan? patience = null)
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
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://ipamd"), Timeout = patience ?? Command.DefaultPatience };
    }

    /// <summary>The body of an answer, whatever its status.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>A plugin's call, as the plugin makes it; null if it was not answered. Exit code and stdout are what the plugin would have.</summary>
    public async Task<CniOutcome?> CallAsync(string verb, string container, string configuration)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/cni/{verb}", UriKind.Relative)) { Content = new StringContent(configuration) };
        request.Headers.Add("CNI_CONTAINERID", container);
        request.Headers.Add("CNI_IFNAME", "eth0");
        request.Headers.Add("CNI_NETNS", $"/var/run/netns/{container}");
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return new CniOutcome($"{verb} {container}", answer.IsSuccessStatusCode ? 0 : 1, body, "")
            {
                Began = began,
                Ended = Stopwatch.GetTimestamp(),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A sample of /metrics, by its name with labels; null when there is none.</summary>
    public async Task<double?> MetricAsync(string sample) =>
        (await SamplesAsync()).Where(found => found.Name == sample).Select(static found => (double?)found.Value).FirstOrDefault();

    /// <summary>The sum of a metric's samples in /metrics, over all labels.</summary>
    public async Task<double> SumAsync(string metric) =>
        (await SamplesAsync()).Where(found => found.Name.Split('{')[0] == metric).Sum(static found => found.Value);

    private async Task<IEnumerable<(string Name, double Value)>> SamplesAsync() =>
        from line in (await GetAsync("/metrics")).Split('\n')
        where line.Length > 0 && line[0] != '#'
        let end = line.LastIndexOf(' ')
        select (line[..end], double.Parse(line[(end + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose() => _client.Dispose();
}
