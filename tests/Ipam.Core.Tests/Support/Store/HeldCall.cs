namespace Ipam.Core.Tests.Support.Store;

/// <summary>A call of the store that waits until the test lets it go on, however long its caller is willing to wait.</summary>
internal sealed class HeldCall
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the call is made.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets the call go on, and waits until it has done its work in the store.</summary>
    public Task ReleaseAsync()
    {
        _released.TrySetResult();
        return _done.Task;
    }

    public async Task WaitAsync()
    {
        _arrived.TrySetResult();
        await _released.Task;
    }

    public void Done() => _done.TrySetResult();
}
