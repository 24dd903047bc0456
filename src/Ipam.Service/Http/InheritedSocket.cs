using System.Globalization;
using System.Net.Sockets;

namespace Ipam.Service.Http;

/// <summary>
/// A socket that systemd listens on for ipamd, and hands over at its start (systemd.socket(5), sd_listen_fds(3)). It outlives ipamd: calls that come between a stop and the
/// next start wait in it. Its descriptor is not closed when ipamd starts a program, unlike others: by that the runtime sees that it is shared, and only lets go of it.
/// </summary>
internal sealed class InheritedSocket
{
    /// <summary>The first descriptor that is handed over (SD_LISTEN_FDS_START).</summary>
    private const int FirstDescriptor = 3;

    private InheritedSocket(ulong handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public ulong Handle { get; }

    /// <summary>The socket that this process was handed over; null if it was none. Throws <see cref="IOException"/> if it isn't the one that is to be served.</summary>
    /// <param name="path">The path that is to be served.</param>
    /// <param name="variable">Gives an environment variable's value, or null.</param>
    public static InheritedSocket? Take(string path, Func<string, string?> variable)
    {
        // Whoever started this process may have been handed over some itself, and left its variables to it.
        if (variable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            return null;
        var count = variable("LISTEN_FDS");
        if (count != "1")
            throw new IOException($"systemd hands over {count} sockets, wanted is one: leave one ListenStream= in ipamd.socket");
        var found = Describe(FirstDescriptor);
        return found == path
            ? new InheritedSocket(FirstDescriptor)
            : throw new IOException($"systemd hands over {found}, wanted is the unix socket {path}: make ListenStream= of ipamd.socket and ipamd's --socket the same");
    }

    private static string Describe(int descriptor)
    {
        try
        {
            using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
            var address = socket.LocalEndPoint?.ToString() ?? "a socket without an address";
            return socket.SocketType == SocketType.Stream ? address : $"{address}, which is no stream";
        }
        catch (SocketException)
        {
            return "what is no socket";
        }
    }
}
