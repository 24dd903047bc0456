using System.Runtime.ExceptionServices;

namespace Net.Plugin.Threads;

/// <summary>Work on a thread of its own, which ends with it. It begins in the network namespace of the thread that starts it.</summary>
internal sealed class OwnThread
{
    // The work here opens sockets and writes a few files; the default of 8 MiB would only cost page tables.
    private const int StackSize = 256 * 1024;

    private readonly Thread _thread;
    private ExceptionDispatchInfo? _fault;

    private OwnThread(Action work) => _thread = new Thread(() => Run(work), StackSize);

    public static OwnThread Start(Action work)
    {
        var thread = new OwnThread(work);
        thread._thread.Start();
        return thread;
    }

    /// <summary>Waits for the work's end. What it threw, this throws.</summary>
    public void Join()
    {
        _thread.Join();
        _fault?.Throw();
    }

    private void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            // It is thrown again on the thread that waits.
            _fault = ExceptionDispatchInfo.Capture(e);
        }
    }
}
