using System.Text;

namespace Cni.Protocol;

/// <summary>
/// Runs another plugin for this one (SPEC 1.1.0, section 4): same environment but for CNI_COMMAND, same stdin byte for byte. Synchronous;
/// the delegate is in the network namespace of the calling thread.
/// </summary>
/// <param name="runner">Starts the process.</param>
/// <param name="environment">The whole environment to pass on, not only CNI_*.</param>
/// <param name="stderr">Gets what the delegate writes to stderr. Opened when it does.</param>
public sealed class PluginDelegate(IProcessRunner runner, EnvironmentBlock environment, Func<Stream> stderr)
{
    /// <summary>What libcni makes of a plugin that failed without an error object.</summary>
    private const int NoCode = 0;

    private const int TextFileBusy = 26;
    private const int BusyAttempts = 6;

    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);

    /// <summary>Waits between attempts to start an executable that is being written.</summary>
    internal Action<TimeSpan> Pause { get; init; } = Thread.Sleep;

    /// <summary>A delegate that gets this process's stderr.</summary>
    public static PluginDelegate ForProcess(IProcessRunner runner, EnvironmentBlock environment) => new(runner, environment, StandardStream.Error);

    /// <summary>
    /// Runs a verb and returns the delegate's stdout. Throws <see cref="CniException"/>: the delegate's own error object, code included;
    /// code 0 with what is known when it died without one; as <see cref="PluginPath.Find"/> when there is no such plugin.
    /// </summary>
    public ReadOnlyMemory<byte> Run(string? type, CniCommand command, ReadOnlyMemory<byte> stdin)
    {
        var path = PluginPath.Find(type, environment.Get(CniVariable.Path));
        var outcome = Start(path, environment.With(CniVariable.Command, command.Text()), stdin);
        if (outcome.StartErrno != 0)
            throw Died($"netplugin failed with no error message: exec {path}: {outcome.StartError}");
        PassOn(outcome.Stderr.Span);
        return outcome.ExitCode == 0 ? outcome.Stdout : throw Failure(outcome);
    }

    private void PassOn(ReadOnlySpan<byte> chatter)
    {
        if (chatter.IsEmpty)
            return;
        try
        {
            var stream = stderr();
            stream.Write(chatter);
            stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody listens to what plugins say beside their answer. That is no reason to fail.
        }
    }

    private ProcessOutcome Start(string path, EnvironmentBlock variables, ReadOnlyMemory<byte> stdin)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = runner.Run(path, variables, stdin);
            if (outcome.StartErrno != TextFileBusy || attempt == BusyAttempts)
                return outcome;
            Pause(BusyPause);
        }
    }

    private static CniException Failure(ProcessOutcome outcome)
    {
        if (outcome.Stdout.IsEmpty)
        {
            return Died(outcome.Stderr.IsEmpty
                ? $"netplugin failed with no error message: exit status {outcome.ExitCode}"
                : $"netplugin failed: \"{Encoding.UTF8.GetString(outcome.Stderr.Span)}\"");
        }
        return CniError.TryParse(outcome.Stdout.Span) is { } error
            ? new CniException(error.Or($"netplugin failed with code {error.Code} and no message"))
            : Died($"netplugin failed but error parsing its diagnostic message \"{Encoding.UTF8.GetString(outcome.Stdout.Span)}\"");
    }

    private static CniException Died(string message) => new(NoCode, message);
}
