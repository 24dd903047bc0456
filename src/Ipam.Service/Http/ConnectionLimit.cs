using Microsoft.AspNetCore.Connections;

namespace Ipam.Service.Http;

/// <summary>Closes connections that are more than so many at a time: whoever opens them takes nothing from those who ask for addresses. Safe for use by several threads at once.</summary>
internal sealed class ConnectionLimit(int most)
{
    private int _open;

    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most)
                await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
