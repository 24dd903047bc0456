using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Cni.Protocol.Tests;

/// <summary>
/// <see cref="IProcessRunner"/> over <see cref="Process"/>. The runtime forks on the calling thread, so the child is in its network
/// namespace. Each output is read on a thread of its own: a child may fill either pipe before it reads its stdin.
/// </summary>
internal sealed class ProcessRunner : IProcessRunner
{
    /// <inheritdoc/>
    public ProcessOutcome Run(string path, EnvironmentBlock environment, ReadOnlyMemory<byte> stdin)
    {
        using var process = new Process { StartInfo = StartInfo(path, environment) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ProcessOutcome(-1, default, default) { StartErrno = e.NativeErrorCode, StartError = e.Message };
        }

        ReadOnlyMemory<byte> stdout = default, stderr = default;
        var stdoutReader = StartThread(() => stdout = StreamBytes.ReadToEnd(process.StandardOutput.BaseStream, int.MaxValue)!.Value);
        var stderrReader = StartThread(() => stderr = StreamBytes.ReadToEnd(process.StandardError.BaseStream, int.MaxValue)!.Value);
        Feed(process, stdin.Span);
        stdoutReader.Join();
        stderrReader.Join();
        process.WaitForExit();
        return new ProcessOutcome(process.ExitCode, stdout, stderr);
    }

    private static Thread StartThread(ThreadStart run)
    {
        var thread = new Thread(run);
        thread.Start();
        return thread;
    }

    private static ProcessStartInfo StartInfo(string path, EnvironmentBlock environment)
    {
        var info = new ProcessStartInfo(path)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var entry in Encoding.UTF8.GetString(environment.Bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            info.Environment[entry.Split('=', 2)[0]] = entry.Split('=', 2)[1];
        return info;
    }

    private static void Feed(Process process, ReadOnlySpan<byte> stdin)
    {
        try
        {
            using var stream = process.StandardInput.BaseStream;
            stream.Write(stdin);
        }
        catch (IOException)
        {
            // The child closed its stdin, which it may.
        }
    }
}
