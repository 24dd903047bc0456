using System.Diagnostics;

namespace Testing.Servers;

/// <summary>A server that runs as long as this process, and no longer, however it ends.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // The shell reads until our end of the pipe closes, be it that we are killed.
    private const string UntilPipeCloses = "log=$1; shift; \"$@\" >\"$log\" 2>&1 & child=$!; cat >/dev/null; kill -9 $child; wait $child";

    private readonly Process _shell;

    /// <summary>Starts it.</summary>
    /// <param name="log">The file that gets what it prints.</param>
    /// <param name="command">Program and arguments.</param>
    public ServerProcess(string log, params IEnumerable<string> command)
    {
        Log = log;
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", UntilPipeCloses, "sh", log, .. command]) { RedirectStandardInput = true })!;
    }

    /// <summary>The file that has what it printed.</summary>
    public string Log { get; }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
