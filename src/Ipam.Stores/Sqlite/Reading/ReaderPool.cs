using System.Collections.Concurrent;
using Ipam.Stores.Sqlite.Files;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>Readers for as many threads as ask, each used by one at a time. A reader never waits for a writer.</summary>
internal sealed class ReaderPool(ConnectionSource source) : IDisposable
{
    private const int MostIdle = 4;
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<Reader> _idle = [];
    private volatile bool _disposed;
    private int _era;
    private int _inUse;

    /// <summary>Reads with a reader that nobody else uses meanwhile.</summary>
    public T Use<T>(Func<Reader, T> read)
    {
        Interlocked.Increment(ref _inUse);
        var era = Volatile.Read(ref _era);
        try
        {
            return Use(read, era);
        }
        finally
        {
            Interlocked.Decrement(ref _inUse);
        }
    }

    /// <summary>Closes the idle readers, and each other when it is given back.</summary>
    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    /// <summary>
    /// Closes all readers, and returns when those in use are given back: a connection to files that lie at the place of others must not share anything
    /// with connections to those.
    /// </summary>
    public void CloseAll()
    {
        Interlocked.Increment(ref _era);
        CloseIdle();
        SpinWait.SpinUntil(() => Volatile.Read(ref _inUse) == 0, LongestRead);
        CloseIdle();
    }

    private T Use<T>(Func<Reader, T> read, int era)
    {
        if (!_idle.TryTake(out var reader))
            reader = new Reader(new Statements(source.Open(readOnly: true)), source.File.Path);
        try
        {
            var result = read(reader);
            GiveBack(reader, era);
            return result;
        }
        catch
        {
            // What failed may be the connection's fault: the next reader gets a new one.
            reader.Dispose();
            throw;
        }
    }

    private void GiveBack(Reader reader, int era)
    {
        if (_idle.Count >= MostIdle)
        {
            reader.Dispose();
            return;
        }
        _idle.Add(reader);
        if (_disposed || era != Volatile.Read(ref _era))
            CloseIdle();
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }
}
