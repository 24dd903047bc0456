using System.Net.Sockets;

namespace Ipam.Cli.Commands.Installation;

/// <summary>ipamd's socket.</summary>
/// <param name="path">Where it is.</param>
/// <param name="time">The clock.</param>
internal sealed class ServiceSocket(string path, TimeProvider time)
{
    private static readonly Uri Health = new("http://ipamd/healthz");
    private static readonly TimeSpan AttemptPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.25);

    /// <summary>Waits until ipamd answers there.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null once it answers; else what is in the way after so long.</returns>
    public async Task<string?> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(token), PooledConnectionLifetime = TimeSpan.Zero };
        using var http = new HttpClient(handler) { Timeout = AttemptPatience };
        for (var start = time.GetTimestamp(); ;)
        {
            if (await ProblemAsync(http, cancellationToken) is not { } problem)
                return null;
            if (time.GetElapsedTime(start) >= patience)
                return problem;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<string?> ProblemAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(Health, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"it answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return (e.InnerException ?? e).Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {AttemptPatience.TotalSeconds} s";
        }
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
