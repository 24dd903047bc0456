using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Delegation;

/// <summary>
/// Starts plugins by posix_spawn, and does other work while the first one runs: an IPAM plugin takes longer than all the rest of an ADD.
/// </summary>
/// <param name="meanwhile">Called once, on the calling thread; it must not throw.</param>
/// <param name="keep">Stays open in the plugin while it runs.</param>
internal sealed class SpawningRunner(Action? meanwhile, FileDescriptor? keep) : IProcessRunner
{
    private Action? _meanwhile = meanwhile;

    public ProcessOutcome Run(string path, IReadOnlyDictionary<string, string> environment, ReadOnlyMemory<byte> stdin)
    {
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(
                path, [path], [.. environment.Select(variable => $"{variable.Key}={variable.Value}")], stdin.Span, collectErrors: true, keep);
        }
        catch (SystemCallException e)
        {
            return new ProcessOutcome(-1, default, default) { StartErrno = (int)e.Errno, StartError = e.Message };
        }
        using (child)
        {
            _meanwhile?.Invoke();
            _meanwhile = null;
            var result = child.WaitForExit();
            return new ProcessOutcome(result.ExitCode, result.Output, result.Errors);
        }
    }
}
