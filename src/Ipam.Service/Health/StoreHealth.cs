using Ipam.Core.Stores;

namespace Ipam.Service.Health;

/// <summary>
/// What became of the last calls of the store: those of requests, and of the maintenance that goes on without any. Nobody waits for the store to know it. Safe for use
/// by several threads at once.
/// </summary>
internal sealed class StoreHealth(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _servedAt = time.GetTimestamp();
    private string? _obstacle = "the store is being opened";
    private string? _commitObstacle;
    private long _failures;

    /// <summary>How long the store has been away, and why; null while it serves. Time begins with this process.</summary>
    public (TimeSpan Since, string Reason)? Away
    {
        get
        {
            lock (_lock)
                return _obstacle is null ? null : (time.GetElapsedTime(_servedAt), _obstacle);
        }
    }

    /// <summary>Throws <see cref="StoreException"/> if the last commit failed, and none has gone through since.</summary>
    public void EnsureCommits()
    {
        lock (_lock)
        {
            if (_commitObstacle is { } reason)
                throw new StoreException(reason);
        }
    }

    /// <summary>Whether the store answered so short a while ago, and nothing has failed since.</summary>
    public bool HasServedWithin(TimeSpan age)
    {
        lock (_lock)
            return _obstacle is null && _commitObstacle is null && time.GetElapsedTime(_servedAt) < age;
    }

    /// <summary>The store answered.</summary>
    public void Served()
    {
        lock (_lock)
            (_servedAt, _obstacle) = (time.GetTimestamp(), null);
    }

    /// <summary>How many calls have failed.</summary>
    public long Failures
    {
        get
        {
            lock (_lock)
                return _failures;
        }
    }

    /// <summary>Whatever commit had failed was tried again, with success, unless a call failed since there were <paramref name="failures"/>.</summary>
    public void TriedAgain(long failures)
    {
        lock (_lock)
        {
            if (_failures == failures)
                Committed();
        }
    }

    /// <summary>The store committed.</summary>
    public void Committed()
    {
        lock (_lock)
            (_servedAt, _obstacle, _commitObstacle) = (time.GetTimestamp(), null, null);
    }

    /// <summary>A call failed.</summary>
    /// <param name="reason">What the store says.</param>
    /// <param name="isCommit">Whether something was to be committed.</param>
    public void Failed(string reason, bool isCommit)
    {
        lock (_lock)
        {
            _failures++;
            _obstacle = reason;
            if (isCommit)
                _commitObstacle = reason;
        }
    }
}
