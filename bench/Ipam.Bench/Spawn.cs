using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ipam.Bench;

/// <summary>
/// Starts a program as a runtime does: environment, configuration on stdin, stdout in a pipe. By posix_spawn(3), because
/// <see cref="Process"/> costs as much as the programs measured.
/// </summary>
internal static unsafe partial class Spawn
{
    private const int ReadOnly = 0;
    private const int ActionsSize = 256;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="path">The program.</param>
    /// <param name="stdinPath">The file on its stdin.</param>
    /// <param name="environment">Its whole environment, <c>K=V</c>.</param>
    /// <param name="stdout">What it printed.</param>
    /// <returns>Its exit code and how long it took, from start to its being reaped.</returns>
    public static (int ExitCode, TimeSpan Elapsed) Run(string path, string stdinPath, IReadOnlyList<string> environment, out string stdout)
    {
        var pipe = stackalloc int[2];
        Check(pipe2(pipe, 0x80000 /* O_CLOEXEC */) == 0);
        var actions = stackalloc byte[ActionsSize];
        posix_spawn_file_actions_init(actions);
        posix_spawn_file_actions_addopen(actions, 0, stdinPath, ReadOnly, 0);
        posix_spawn_file_actions_adddup2(actions, pipe[1], 1);

        var argv = stackalloc nint[2];
        argv[0] = Marshal.StringToCoTaskMemUTF8(path);
        argv[1] = 0;
        var envp = stackalloc nint[environment.Count + 1];
        for (var i = 0; i < environment.Count; i++)
            envp[i] = Marshal.StringToCoTaskMemUTF8(environment[i]);
        envp[environment.Count] = 0;

        var start = Stopwatch.GetTimestamp();
        var error = posix_spawn(out var pid, path, actions, null, argv, envp);
        if (error != 0)
            throw new Win32Exception(error, $"can't start {path}");
        close(pipe[1]);
        stdout = ReadToEnd(pipe[0]);
        int status;
        while (waitpid(pid, &status, 0) < 0)
        {
        }
        var elapsed = Stopwatch.GetElapsedTime(start);

        close(pipe[0]);
        posix_spawn_file_actions_destroy(actions);
        Marshal.FreeCoTaskMem(argv[0]);
        for (var i = 0; i < environment.Count; i++)
            Marshal.FreeCoTaskMem(envp[i]);
        return ((status >> 8) & 0xff, elapsed);
    }

    private static string ReadToEnd(int descriptor)
    {
        var buffer = stackalloc byte[8192];
        var text = "";
        nint length;
        while ((length = read(descriptor, buffer, 8192)) > 0)
            text += System.Text.Encoding.UTF8.GetString(buffer, (int)length);
        return text;
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
            throw new Win32Exception();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, byte* actions, void* attributes, nint* argv, nint* envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
