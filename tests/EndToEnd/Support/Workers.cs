namespace EndToEnd.Support;

/// <summary>Threads that each wait for processes of their own.</summary>
internal static class Workers
{
    /// <summary>Runs the work on so many threads at once; fails when one of them fails.</summary>
    public static Task RunAsync(int count, Action<int> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Factory.StartNew(
            () => work(number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    /// <summary>Runs the work for each item, on so many threads at once.</summary>
    public static Task ForEachAsync<T>(int threads, IReadOnlyList<T> items, Action<T> work)
    {
        var taken = -1;
        return RunAsync(threads, _ =>
        {
            for (var i = Interlocked.Increment(ref taken); i < items.Count; i = Interlocked.Increment(ref taken))
                work(items[i]);
        });
    }
}
