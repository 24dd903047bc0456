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
    private long _soundAt = time.GetTimestamp();
    private string? _obstacle = "the store is being opened";
    private string? _commitObstacle;
    private long _failures;
    private int _unanswered;

    /// <summary>How long the store has been away, and why; null while it serves. Time begins with this process.</summary>
    public (TimeSpan Since, string Reason)? Away
    {
        get
        {
            lock (_lock)
                return _obstacle is null ? null : (time.GetElapsedTime(_soundAt), _obstacle);
        }
    }

    /// <summary>
    /// How long nothing has shown that the store serves, although no call has failed: the store hangs, or nobody has asked it. Zero once a call has failed.
    /// </summary>
    public TimeSpan Silence
    {
        get
        {
            lock (_lock)
                return _obstacle is null ? time.GetElapsedTime(_soundAt) : TimeSpan.Zero;
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

    /// <summary>Whether a call has failed, and none has shown since that all is well.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_lock)
                return _obstacle is not null || _commitObstacle is not null;
        }
    }

    /// <summary>The store answered.</summary>
    public void Served()
    {
        lock (_lock)
            (_servedAt, _soundAt, _obstacle) = (time.GetTimestamp(), time.GetTimestamp(), null);
    }

    /// <summary>Calls the store, for requests. While one waits for the answer, that nothing has failed shows nothing.</summary>
    /// <exception cref="StoreException">The call failed, which is noted.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        lock (_lock)
            _unanswered++;
        T answer;
        try
        {
            answer = await call();
        }
        catch (StoreException e)
        {
            Failed(e.Message, isCommit: false);
            throw;
        }
        finally
        {
            lock (_lock)
                _unanswered--;
        }
        Sounds();
        return answer;
    }

    /// <summary>Nothing has shown until now that the store is away. An idle node asks it seldom, so that its last answer may be long ago.</summary>
    public void Sounds()
    {
        lock (_lock)
        {
            if (_obstacle is null && _unanswered == 0)
                _soundAt = time.GetTimestamp();
        }
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
            (_servedAt, _soundAt, _obstacle, _commitObstacle) = (time.GetTimestamp(), time.GetTimestamp(), null, null);
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
