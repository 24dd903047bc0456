namespace IpamSuite.Shared;

/// <summary>
/// Reads that are shared: those who ask for the same at once wait for one read, and those who ask soon after get what it brought. Safe for use by several threads at once.
/// </summary>
/// <param name="keep">For how long what was read is given out, if the read was fast; a slow one is kept several times as long as it took.</param>
/// <param name="patience">How long a read may take.</param>
/// <param name="most">How many are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedReads<TKey, TValue>(TimeSpan keep, TimeSpan patience, int most, TimeProvider time)
    where TKey : notnull
{
    private const int TimesAsLong = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];

    /// <summary>What was read, or is read now.</summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="read">Reads it. Whoever asked first may have gone: it ends by its own patience.</param>
    /// <param name="cancellationToken">Ends the wait of the one who asks.</param>
    public Task<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out entry!) || IsOver(entry))
            {
                Trim();
                _entries[key] = entry = new Entry(time.GetTimestamp());
                entry.Reading = Task.Run(() => ReadAsync(entry, read), CancellationToken.None);
            }
        }
        return entry.Reading.WaitAsync(cancellationToken);
    }

    private async Task<TValue> ReadAsync(Entry entry, Func<CancellationToken, Task<TValue>> read)
    {
        using var late = new CancellationTokenSource(patience, time);
        var keptFor = TimeSpan.Zero;
        try
        {
            var value = await read(late.Token);
            var took = time.GetElapsedTime(entry.BeganAt);
            keptFor = TimesAsLong * took > keep ? TimesAsLong * took : keep;
            return value;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"the store didn't bring what was asked for within {patience.TotalSeconds:0} s");
        }
        finally
        {
            lock (_lock)
                (entry.EndedAt, entry.KeptFor) = (time.GetTimestamp(), keptFor);
        }
    }

    private bool IsOver(Entry entry) => entry.EndedAt is { } at && time.GetElapsedTime(at) >= entry.KeptFor;

    private void Trim()
    {
        if (_entries.Count < most)
            return;
        foreach (var key in _entries.Where(pair => IsOver(pair.Value)).Select(static pair => pair.Key).ToArray())
            _entries.Remove(key);
        // One that is being read goes on for those who wait for it.
        if (_entries.Count >= most)
            _entries.Remove(_entries.MinBy(static pair => pair.Value.BeganAt).Key);
    }

    private sealed class Entry(long beganAt)
    {
        public long BeganAt => beganAt;

        public Task<TValue> Reading { get; set; } = null!;

        public long? EndedAt { get; set; }

        public TimeSpan KeptFor { get; set; }
    }
}
