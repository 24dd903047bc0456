using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Ipam.Service.Http;

/// <summary>Lets only root ask: looks at the credentials that the kernel keeps for each unix connection (unix(7), SO_PEERCRED).</summary>
internal static class PeerCheck
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int UcredSize = 12;
    private const int UidOffset = 4;

    public static ConnectionDelegate Before(ConnectionDelegate next, ILogger log) => async connection =>
    {
        var uid = PeerUid(connection);
        if (uid == 0)
            await next(connection);
        else
            Log.PeerRefused(log, uid);
    };

    private static uint PeerUid(ConnectionContext connection)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket
            ?? throw new InvalidOperationException("the connection has no socket");
        Span<byte> credentials = stackalloc byte[UcredSize];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return BinaryPrimitives.ReadUInt32LittleEndian(credentials[UidOffset..]);
    }
}
