namespace Ipam.Cli.Terminal;

/// <summary>
/// Says on a terminal how far a work is that takes longer than a second, in one line that is written over, and gone at the end. Says nothing anywhere else.
/// </summary>
internal sealed class ProgressLine(CliEnvironment environment) : IDisposable
{
    private const int BarWidth = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly long _start = environment.Time.GetTimestamp();
    private long? _shownAt;
    private int _width;

    /// <summary>Shows the text if it is time to.</summary>
    public void Show(Func<string> text)
    {
        var waited = _shownAt is { } at ? environment.Time.GetElapsedTime(at) >= Between : environment.Time.GetElapsedTime(_start) >= Patience;
        if (!environment.ShowsProgress || !waited)
            return;
        Write(PrintableText.Of(text()));
        _shownAt = environment.Time.GetTimestamp();
    }

    /// <summary>The same, with a bar, of work whose end is known.</summary>
    /// <param name="what">What is counted.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="all">How many there are.</param>
    public void Show(string what, long done, long all) => Show(() => $"{Bar((double)done / Math.Max(all, 1))} {what}: {done} of {all}");

    /// <summary>A bar that is so full, from 0 to 1.</summary>
    public static string Bar(double share)
    {
        var done = (int)Math.Clamp(BarWidth * share, 0, BarWidth);
        return $"[{new string('#', done)}{new string('-', BarWidth - done)}]";
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_shownAt is null)
            return;
        Write("");
        environment.Error.Write('\r');
    }

    private void Write(string text)
    {
        environment.Error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }
}
