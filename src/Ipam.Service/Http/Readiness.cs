using Ipam.Core.Stores;

namespace Ipam.Service.Http;

/// <summary>Whether the store is open and its blocks are loaded. Safe for use by several threads at once.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _obstacle = "the store is being opened";
    private volatile bool _isHeld;

    public bool IsReady => _ready.Task.IsCompleted && !_isHeld;

    /// <summary>Completes once it is ready; it stays so.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>Returns when the store was opened, and after so long at the latest.</summary>
    public Task WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken) => _ready.Task.IsCompleted
        ? Task.CompletedTask
        : Task.WhenAny(_ready.Task, Task.Delay(wait, time, cancellationToken));

    /// <summary>Throws <see cref="StoreException"/> unless requests can be served.</summary>
    public void Ensure()
    {
        if (!IsReady)
            throw new StoreException($"ipamd is not ready: {_obstacle}; try again");
    }

    public void Ready() => _ready.TrySetResult();

    public void NotReady(string reason) => _obstacle = reason;

    /// <summary>It isn't ready until <see cref="Resume"/>.</summary>
    public void Hold(string reason) => (_obstacle, _isHeld) = (reason, true);

    public void Resume() => _isHeld = false;
}
