using System.Text;

namespace Net.Plugin.Interop;

/// <summary>How a program ended (the status as waitpid(2) gives it) and what it printed.</summary>
internal sealed record ChildResult(int Status, byte[] Output, byte[] Errors)
{
    /// <summary>What it did that it was killed for, as a sentence goes on; null for one that ended by itself.</summary>
    public string? WhyKilled { get; init; }

    /// <summary>Whether it was killed for what it printed, and not for the time that it took.</summary>
    public bool PrintedTooMuch { get; init; }

    private const int SignalMask = 0x7f;

    /// <summary>Exit code; 128 + n after signal n, as a shell says it.</summary>
    public int ExitCode => (Status & SignalMask) is var signal and not 0 ? 128 + signal : (Status >> 8) & 0xff;

    /// <summary>Whether it exited by itself with 0.</summary>
    public bool Succeeded => Status == 0 && WhyKilled is null;

    /// <summary>Its collected standard error, for a message.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Errors).Trim();
}
