namespace Ipam.Cli.Terminal;

/// <summary>Says what a command waits for, in a line for each wait, and on a terminal how far it is. Safe for use by several threads at once.</summary>
internal sealed class WaitProgress(CliEnvironment environment) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ProgressLine? _line;
    private TimeSpan _most;
    private long _beganAt;

    /// <summary>A wait begins; the one before is over.</summary>
    /// <param name="why">What for, to complete "waits ...".</param>
    /// <param name="most">How long at most.</param>
    public void Begin(string why, TimeSpan most)
    {
        lock (_lock)
        {
            _line?.Dispose();
            environment.Note($"waits {why}, up to {most.TotalSeconds:0} s");
            (_line, _most, _beganAt) = (new ProgressLine(environment), most, environment.Time.GetTimestamp());
        }
    }

    /// <summary>Shows how far the waits of some work are until it ends.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        while (environment.ShowsProgress && !work.IsCompleted)
        {
            Show();
            await Task.WhenAny(work, Task.Delay(Between, environment.Time));
        }
        Dispose();
        return await work;
    }

    /// <summary>Takes away what is shown.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _line?.Dispose();
            _line = null;
        }
    }

    private void Show()
    {
        lock (_lock)
            _line?.Show(Text);
    }

    private string Text()
    {
        var passed = environment.Time.GetElapsedTime(_beganAt);
        var left = passed < _most ? _most - passed : TimeSpan.Zero;
        return $"{ProgressLine.Bar(passed / _most)} {left.TotalSeconds:0} s left at most";
    }
}
