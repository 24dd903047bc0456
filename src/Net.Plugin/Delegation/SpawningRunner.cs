using System.Text.Json;
using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Delegation;

/// <summary>
/// Starts plugins by posix_spawn, and does other work while the first one runs: an IPAM plugin takes longer than all the rest of an ADD.
/// What it is given to do must not throw. It is done once each, on the calling thread.
/// </summary>
/// <param name="command">The verb, for messages.</param>
/// <param name="timeout">How long a plugin may take; then it is killed, with all that it has started.</param>
/// <param name="meanwhile">Done once the plugin has been started.</param>
/// <param name="answered">Done with the plugin's answer once all of it is there, while the plugin ends. It may still end with a failure.</param>
/// <param name="keep">Stays open in the plugin while it runs.</param>
internal sealed class SpawningRunner(
    CniCommand command, TimeSpan timeout, Action? meanwhile, Action<ReadOnlyMemory<byte>>? answered, FileDescriptor? keep) : IProcessRunner
{
    private Action? _meanwhile = meanwhile;
    private Action<ReadOnlyMemory<byte>>? _answered = answered;

    public ProcessOutcome Run(string path, EnvironmentBlock environment, ReadOnlyMemory<byte> stdin)
    {
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(path, [path], environment.Bytes, stdin.Span, collectErrors: true, keep);
        }
        catch (SystemCallException e)
        {
            return new ProcessOutcome(-1, default, default) { StartErrno = (int)e.Errno, StartError = e.Message };
        }
        using (child)
        {
            _meanwhile?.Invoke();
            _meanwhile = null;
            var result = child.WaitForExit(timeout, Look);
            if (result.WhyKilled is { } reason)
            {
                throw new CniException(
                    CniErrorCode.TryAgainLater, $"IPAM plugin {Path.GetFileName(path)} {reason} in its {command.Text()}",
                    result.PrintedTooMuch
                        ? "see what it prints; a result is far shorter"
                        : $"see why it hangs; {IpamTimeout.Key} in the configuration is how many seconds it may take");
            }
            return new ProcessOutcome(result.ExitCode, result.Output, result.Errors);
        }
    }

    private void Look(ReadOnlyMemory<byte> output)
    {
        if (_answered is not { } act || !IsWhole(output.Span))
            return;
        _answered = null;
        act(output);
    }

    // A whole object: a plugin prints nothing behind it.
    private static bool IsWhole(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip();
        }
        catch (JsonException)
        {
            // It is no JSON; the plugin's end will show what to say of it.
            return false;
        }
    }
}
