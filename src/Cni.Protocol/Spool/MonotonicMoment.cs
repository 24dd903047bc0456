using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cni.Protocol;

/// <summary>
/// A moment on the kernel's monotonic clock (clock_gettime(2), CLOCK_MONOTONIC), which all processes share and nobody sets. Two moments have an order only if
/// they are of the same clock: that of one boot, in one time namespace.
/// </summary>
/// <param name="Clock">Which clock; an empty text for one that isn't known, which is the same as no other.</param>
/// <param name="Timestamp">As <see cref="Stopwatch.GetTimestamp"/> says it.</param>
public readonly record struct MonotonicMoment(string Clock, long Timestamp)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const int MostBootIdBytes = 64;
    private const string TimeNamespace = "/proc/self/ns/time";

    /// <summary>The clock of this process; empty if the kernel doesn't say. Reads two small files of /proc.</summary>
    public static string ThisClock()
    {
        try
        {
            // A kernel without time namespaces (before 5.6) has one clock.
            return ThisBoot() is { Length: > 0 } boot ? $"{boot} {new FileInfo(TimeNamespace).LinkTarget}".TrimEnd() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The boot of the machine (random(4), boot_id); empty if the kernel doesn't say.</summary>
    public static string ThisBoot()
    {
        try
        {
            return Encoding.ASCII.GetString(KernelFile.ReadStart(BootId, stackalloc byte[MostBootIdBytes])).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The timestamp on <paramref name="clock"/>; null if the moment is of another one.</summary>
    public long? On(string clock) => !string.IsNullOrEmpty(Clock) && Clock == clock ? Timestamp : null;

    /// <summary><c>CLOCK@TIMESTAMP</c>; empty for an unknown clock.</summary>
    public override string ToString() => string.IsNullOrEmpty(Clock) ? "" : string.Create(CultureInfo.InvariantCulture, $"{Clock}@{Timestamp}");

    /// <summary>Reads <see cref="ToString"/>'s text; anything else is a moment of an unknown clock.</summary>
    public static MonotonicMoment Parse(string? text)
    {
        var at = text?.LastIndexOf('@') ?? -1;
        return at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
            ? new MonotonicMoment(text![..at], timestamp)
            : new MonotonicMoment("", 0);
    }
}
