using System.Net.Sockets;
using System.Text;

namespace Ipam.Plugin.Tests.Support;

/// <summary>A socket behind which anything may be. Each connection is given to a script, on a thread of its own.</summary>
internal sealed class FakeService : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private List<string> _requests = [];

    /// <param name="path">Where to listen.</param>
    /// <param name="script">What to do with a connection, which is closed afterwards; null to accept none.</param>
    /// <param name="backlog">How many connections the kernel keeps for it.</param>
    public FakeService(string path, Action<Socket>? script, int backlog = 16)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(backlog);
        if (script is not null)
            new Thread(() => Serve(script)) { IsBackground = true }.Start();
    }

    /// <summary>The requests that <see cref="Answering"/> has read.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>One that reads whole requests and answers each with the same bytes.</summary>
    public static FakeService Answering(string path, string answer)
    {
        var requests = new List<string>();
        return new FakeService(path, socket =>
        {
            var request = ReadRequest(socket);
            lock (requests)
                requests.Add(request);
            socket.Send(Encoding.UTF8.GetBytes(answer));
        })
        { _requests = requests };
    }

    /// <summary>An answer as ipamd gives it.</summary>
    public static string Http(int status, string body) =>
        $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nContent-Type: application/json\r\nDate: today\r\n\r\n{body}";

    /// <summary>Reads a request to the end of its body.</summary>
    public static string ReadRequest(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[65_536];
        int? whole = null;
        while (text.Length < (whole ?? int.MaxValue) && socket.Receive(buffer) is > 0 and var length)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, length));
            whole ??= LengthOf(text.ToString());
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>How long a request is, once its head is there.</summary>
    private static int? LengthOf(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return null;
        const string name = "Content-Length: ";
        var at = request.IndexOf(name, StringComparison.Ordinal) + name.Length;
        return head + 4 + int.Parse(request[at..request.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Serve(Action<Socket> script)
    {
        try
        {
            while (true)
            {
                using var connection = _listener.Accept();
                Serve(connection, script);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static void Serve(Socket connection, Action<Socket> script)
    {
        try
        {
            script(connection);
        }
        catch (SocketException)
        {
            // The plugin went away, as in some tests it should.
        }
    }
}
