namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// Threads of the store's own for calls of SQLite, which has no asynchronous ones: a disk that hangs holds up these, and none of those that serve requests. There are
/// as many as are needed at the same time, up to a bound; who comes then waits without a thread. Safe for use by several threads at once.
/// </summary>
internal sealed class DiskThreads : IDisposable
{
    /// <summary>More than one processor's worth of reads: they wait for the disk, not for each other.</summary>
    private const int Most = 8;

    /// <summary>How long a thread waits for work before it ends.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly Queue<Action> _work = new();
    private int _threads;
    private int _idle;
    private bool _isDisposed;

    /// <summary>
    /// Does work on one of the threads. If the caller cancels, its wait ends at once: work that has not begun is not done, work that has begun goes on, and what it
    /// brings is lost.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = cancellationToken.UnsafeRegister(_ => done.TrySetCanceled(cancellationToken), null);
        Enqueue(() =>
        {
            if (done.Task.IsCompleted)
                return;
            try
            {
                done.TrySetResult(work());
            }
            catch (OperationCanceledException e)
            {
                done.TrySetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
            finally
            {
                cancelled.Unregister();
            }
        });
        return done.Task;
    }

    /// <summary>The threads end when the work that they have is done.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Enqueue(Action work)
    {
        lock (_lock)
        {
            _work.Enqueue(work);
            if (_idle >= _work.Count || _threads == Most)
            {
                Monitor.Pulse(_lock);
                return;
            }
            _threads++;
        }
        new Thread(Work) { IsBackground = true, Name = "sqlite" }.Start();
    }

    private void Work()
    {
        while (TakeWork() is { } work)
            work();
    }

    /// <summary>Null if the thread is to end.</summary>
    private Action? TakeWork()
    {
        lock (_lock)
        {
            while (_work.Count == 0)
            {
                _idle++;
                var isPulsed = !_isDisposed && Monitor.Wait(_lock, LongestIdle);
                _idle--;
                if (_work.Count == 0 && (!isPulsed || _isDisposed))
                {
                    _threads--;
                    return null;
                }
            }
            return _work.Dequeue();
        }
    }
}
