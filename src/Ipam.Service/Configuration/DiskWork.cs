namespace Ipam.Service.Configuration;

/// <summary>Reads files on other threads than those that serve: a disk may hang. It costs so many threads then, and no more.</summary>
internal static class DiskWork
{
    private static readonly SemaphoreSlim AtOnce = new(4);

    /// <summary>What was read; the wait for it ends when it is cancelled.</summary>
    public static async Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        await AtOnce.WaitAsync(cancellationToken);
        return await Task.Run(() => ReadThenLetOthers(read), CancellationToken.None).WaitAsync(cancellationToken);
    }

    private static T ReadThenLetOthers<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        finally
        {
            AtOnce.Release();
        }
    }
}
