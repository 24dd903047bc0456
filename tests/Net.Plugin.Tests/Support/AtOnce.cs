using System.Collections.Concurrent;

namespace Net.Plugin.Tests.Support;

/// <summary>The same work many times at the same moment.</summary>
internal static class AtOnce
{
    /// <summary>Runs it on as many threads, which start together; what any of them throws fails the test.</summary>
    public static void Run(int count, Action<int> work)
    {
        var faults = new ConcurrentQueue<Exception>();
        using var start = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            start.Wait();
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                faults.Enqueue(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        start.Set();
        threads.ForEach(thread => thread.Join());
        if (!faults.IsEmpty)
            throw new AggregateException(faults);
    }
}
