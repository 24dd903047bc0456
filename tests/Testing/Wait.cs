using System.Diagnostics;

namespace Testing;

/// <summary>Waiting for what another process or a loop brings about, and nobody tells.</summary>
public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <summary>The same on this thread.</summary>
    public static void Until(Func<bool> isSo, string what = "it")
    {
        var start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{what} did not come about within {Patience.TotalSeconds} s");
            Thread.Sleep(Between);
        }
    }

    public static Task UntilAsync(Func<bool> isSo, string what = "it") => UntilAsync(() => Task.FromResult(isSo()), what);

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what = "it")
    {
        var start = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{what} did not come about within {Patience.TotalSeconds} s");
            await Task.Delay(Between);
        }
    }
}
