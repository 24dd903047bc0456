namespace Net.Plugin.Interop;

/// <summary>The end of a time that is waited for something, on a clock that nobody sets.</summary>
internal readonly struct Deadline(TimeSpan time)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>How long it still is, in milliseconds, as poll(2) wants them: rounded up, so that it is 0 only when nothing is left.</summary>
    public int Milliseconds => (int)Math.Clamp(Math.Ceiling((time - TimeProvider.System.GetElapsedTime(_start)).TotalMilliseconds), 0, int.MaxValue);

    public bool HasPassed => Milliseconds == 0;
}
