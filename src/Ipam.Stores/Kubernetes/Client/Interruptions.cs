namespace Ipam.Stores.Kubernetes.Client;

/// <summary>
/// How often the server was away for so long that its data may be others behind it. A connection that breaks while others hold is no interruption. May be used from
/// several threads at once.
/// </summary>
internal sealed class Interruptions(TimeProvider time)
{
    /// <summary>Nobody restores etcd faster.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private long _ended;
    private long? _failedAt;

    /// <summary>How many there were, with the one that lasts.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
                return _ended + (IsOne ? 1 : 0);
        }
    }

    private bool IsOne => _failedAt is { } failedAt && time.GetElapsedTime(failedAt) >= Least;

    /// <summary>The server didn't answer, answered that it can't, or closed a connection.</summary>
    public void Failed()
    {
        lock (_lock)
            _failedAt ??= time.GetTimestamp();
    }

    /// <summary>The server answered a request that was begun then.</summary>
    public void Answered(long begunAt)
    {
        lock (_lock)
        {
            if (begunAt < _failedAt)
                return;
            _ended += IsOne ? 1 : 0;
            _failedAt = null;
        }
    }
}
