using Ipam.Core.Stores;

namespace Ipam.Service.Http;

/// <summary>Whether the store is open and its blocks are loaded. Safe for use by several threads at once.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failedOnce = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _obstacle = "the store is being opened";
    private volatile bool _isHeld, _isClosed;

    public bool IsReady => _ready.Task.IsCompleted && !_isHeld;

    /// <summary>Completes once it is ready; it stays so.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>
    /// Returns when the store was opened; after <paramref name="wait"/> if it can't be, and after <paramref name="longest"/> if that isn't known yet. At once if
    /// <paramref name="wait"/> is zero.
    /// </summary>
    /// <returns>False if the service stops before the store was opened.</returns>
    public async Task<bool> WaitAsync(TimeSpan wait, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!_ready.Task.IsCompleted && wait > TimeSpan.Zero)
        {
            var start = time.GetTimestamp();
            await Task.WhenAny(_ready.Task, _failedOnce.Task, Task.Delay(longest, time, cancellationToken));
            var left = wait - time.GetElapsedTime(start);
            if (!_ready.Task.IsCompleted && !_isClosed && left > TimeSpan.Zero)
                await Task.WhenAny(_ready.Task, Task.Delay(left, time, cancellationToken));
        }
        return _ready.Task.IsCompleted || !_isClosed;
    }

    /// <summary>Throws <see cref="StoreException"/> unless requests can be served.</summary>
    public void Ensure()
    {
        if (!IsReady)
            throw new StoreException($"ipamd is not ready: {_obstacle}; try again");
    }

    public void Ready() => _ready.TrySetResult();

    public void NotReady(string reason)
    {
        _obstacle = reason;
        _failedOnce.TrySetResult();
    }

    /// <summary>The service stops: if the store isn't open yet, it never will be.</summary>
    public void Close()
    {
        _isClosed = true;
        _failedOnce.TrySetResult();
    }

    /// <summary>It isn't ready until <see cref="Resume"/>.</summary>
    public void Hold(string reason) => (_obstacle, _isHeld) = (reason, true);

    public void Resume() => _isHeld = false;
}
