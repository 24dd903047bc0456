using System.Net.Sockets;
using System.Text;

namespace Ipam.Service.Tests.Support;

/// <summary>A connection over which anything can be sent, piece by piece.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<RawConnection> OpenAsync(string socketPath) => new(await ServiceClient.ConnectAsync(socketPath, default));

    /// <summary>The head of an ADD with a body of <paramref name="length"/> bytes.</summary>
    public static string AddHead(int length, string container = "raw") =>
        $"POST /cni/add HTTP/1.1\r\nHost: ipamd\r\nConnection: close\r\nCNI_CONTAINERID: {container}\r\nCNI_NETNS: /x/y\r\nCNI_IFNAME: eth0\r\nContent-Length: {length}\r\n\r\n";

    public async Task SendAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next piece that comes.</summary>
    public async Task<string> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
    }

    /// <summary>All that comes until the service closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var all = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var length)
                all.Write(buffer, 0, length);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The service closed it without having read everything.
        }
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void Finish() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();
}
