namespace Ipam.Core.Allocation;

/// <summary>An operation with a caller that waits for a <typeparamref name="T"/>, until it gives up.</summary>
internal abstract class AwaitedOperation<T>(CancellationToken abandoned) : Operation
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override bool IsAbandoned => abandoned.IsCancellationRequested;

    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    protected void Cancel() => _answer.TrySetCanceled(abandoned);

    protected void Succeed(T answer) => _answer.TrySetResult(answer);
}
