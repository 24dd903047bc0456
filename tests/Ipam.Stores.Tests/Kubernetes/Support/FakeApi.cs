using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ipam.Stores.Kubernetes;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>An HTTP server that answers as a test wants it.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TempFolder _folder = new();
    private readonly Func<FakeRequest, Task<FakeReply>> _answer;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Task _serving;

    public FakeApi(Func<FakeRequest, FakeReply> answer, X509Certificate2? certificate = null)
        : this(request => Task.FromResult(answer(request)), certificate)
    {
    }

    public FakeApi(Func<FakeRequest, Task<FakeReply>> answer, X509Certificate2? certificate = null)
    {
        _answer = answer;
        Certificate = certificate;
        _listener.Start();
        Url = $"http{(certificate is null ? "" : "s")}://127.0.0.1:{Port}/";
        _serving = ServeAsync();
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>The port of it.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What new connections are shown; null to speak without TLS.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    /// <summary>A folder for the test.</summary>
    public TempFolder Folder => _folder;

    /// <summary>A store over it, open if the fake lets it.</summary>
    public async Task<KubernetesStore> OpenAsync(KubernetesStoreOptions? options = null, string user = "token: secret")
    {
        var store = new KubernetesStore(new KubernetesUrl(await KubeconfigAsync(user)), TimeProvider.System, options);
        await store.OpenAsync(default);
        Requests.Clear();
        return store;
    }

    /// <summary>Writes a kubeconfig that leads to it, and returns its path.</summary>
    public async Task<string> KubeconfigAsync(string user = "token: secret")
    {
        var path = _folder.Combine("kubeconfig");
        await File.WriteAllTextAsync(path, $$$"""
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test}}]
            clusters: [{name: test, cluster: {server: "{{{Url}}}"}}]
            users: [{name: test, user: {{{{user}}}}}]
            """);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    /// <summary>Closes the connections that there are.</summary>
    public void CloseAll()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                connections.Add(AnswerAllAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }
    }

    private async Task AnswerAllAsync(Socket socket)
    {
        _sockets.Add(socket);
        await using var plain = new NetworkStream(socket, ownsSocket: true);
        await using var tls = Certificate is null ? null : new SslStream(plain);
        Stream stream = tls is null ? plain : tls;
        try
        {
            var client = tls is null ? null : await BeginAsync(tls);
            while (await ReadAsync(stream) is { } read)
            {
                var request = read with { ServerName = tls?.TargetHostName ?? "", Client = client };
                Requests.Enqueue(request);
                var reply = await _answer(request);
                if (reply.Status != 0)
                    await WriteAsync(stream, reply);
                if (reply.StaysOpen)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                if (reply.Status == 0)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
            return;
        }
    }

    /// <summary>Takes any certificate that the client shows; returns whom it is of.</summary>
    private async Task<string?> BeginAsync(SslStream tls)
    {
        string? client = null;
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = Certificate,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                {
                    client = shown?.Subject;
                    return client is null or { Length: > 0 };
                },
            },
            _stop.Token);
        return client;
    }

    private async Task<FakeRequest?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count > 3 && head[^1] == '\n' && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var headers = lines.Skip(1).Where(static line => line.Length > 0).Select(static line => line.Split(": ", 2))
            .ToLookup(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"].SingleOrDefault("0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        var start = lines[0].Split(' ');
        return new FakeRequest(start[0], start[1], headers, Encoding.UTF8.GetString(body));
    }

    private async Task WriteAsync(Stream stream, FakeReply reply)
    {
        var body = Encoding.UTF8.GetBytes(reply.Body);
        var retryAfter = reply.RetryAfter is null ? "" : $"Retry-After: {reply.RetryAfter}\r\n";
        var length = reply.StaysOpen ? "Connection: close" : $"Content-Length: {body.Length}";
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 {reply.Status} X\r\nContent-Type: application/json\r\n{retryAfter}{length}\r\n\r\n");
        await stream.WriteAsync((byte[])[.. head, .. body], _stop.Token);
    }
}

/// <summary>What a <see cref="FakeApi"/> does with a request.</summary>
/// <param name="Status">The status to answer with; 0 to close the connection without an answer.</param>
/// <param name="Body">The answer's body.</param>
/// <param name="RetryAfter">The header of that name; null for none.</param>
/// <param name="StaysOpen">Whether the answer doesn't end until the server does.</param>
internal sealed record FakeReply(int Status, string Body = "{}", string? RetryAfter = null, bool StaysOpen = false)
{
    /// <summary>The connection breaks.</summary>
    public static FakeReply Cut { get; } = new(0);

    /// <summary>No answer comes.</summary>
    public static FakeReply Silence { get; } = new(0, StaysOpen: true);

    /// <summary>A Status object.</summary>
    public static FakeReply Refusal(int status, string message, string name = "", string? continueWith = null, string? retryAfter = null) => new(
        status,
        $$"""
        {"kind":"Status","apiVersion":"v1","metadata":{"continue":"{{continueWith}}"},"status":"Failure","message":"{{message}}",
         "details":{"name":"{{name}}"},"code":{{status}} }
        """,
        retryAfter);
}
