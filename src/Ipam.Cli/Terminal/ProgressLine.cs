namespace Ipam.Cli.Terminal;

/// <summary>
/// Says on a terminal how far a work is that takes longer than a second, in one line that is written over, and gone at the end. Says nothing anywhere else.
/// </summary>
internal sealed class ProgressLine(CliEnvironment environment) : IDisposable
{
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
