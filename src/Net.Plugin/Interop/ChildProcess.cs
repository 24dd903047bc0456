using System.Runtime.InteropServices;
using System.Text;

namespace Net.Plugin.Interop;

/// <summary>
/// One program, started by posix_spawn(3) (which neither copies page tables nor starts threads, as System.Diagnostics.Process does).
/// Its standard input is a file in memory, so that writing it can't block; its standard output comes back through a pipe.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int Kept = 3;
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int DoNotWait = 1; // WNOHANG
    private const int KillSignal = 9; // SIGKILL
    private const int OpenProcess = 434; // pidfd_open(2), the same number on every architecture

    // No plugin's answer and no program's list of rules is nearly as large.
    private const int LargestOutput = 8 << 20;
    private const int LargestErrors = 1 << 20;

    private const uint MemoryFileCloseOnExec = 1; // MFD_CLOEXEC

    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly FileDescriptor _output;
    private readonly FileDescriptor? _errors;

    private ChildProcess(int id, FileDescriptor output, FileDescriptor? errors) => (Id, _output, _errors) = (id, output, errors);

    /// <summary>Its process id; somebody else's once <see cref="WaitForExit"/> has returned.</summary>
    public int Id { get; }

    /// <summary>
    /// Starts the program with the whole of <paramref name="environment"/> (entries <c>NAME=value</c>, a zero byte behind each) and nothing else.
    /// Signals are as a fresh process expects them. Errors that it prints are collected or go where the plugin's own go.
    /// What it is given to keep stays open in it as long as it and its children live.
    /// </summary>
    /// <exception cref="SystemCallException">The program can't be executed, or a pipe can't be made.</exception>
    public static ChildProcess Start(
        string path, string[] arguments, ReadOnlySpan<byte> environment, ReadOnlySpan<byte> input, bool collectErrors,
        FileDescriptor? keep = null)
    {
        using var inputFile = MemoryFile("stdin", input);
        var errors = collectErrors ? MemoryFile("stderr", []) : null;
        var (readEnd, writeEnd) = Pipe();
        using (writeEnd)
        {
            var errno = Spawn(path, arguments, environment, inputFile, writeEnd, errors, keep, out var pid);
            if (errno == Errno.None)
                return new ChildProcess(pid, readEnd, errors);
            readEnd.Dispose();
            errors?.Dispose();
            throw new SystemCallException($"cannot execute {path}", errno);
        }
    }

    /// <summary>
    /// Reads the program's output to its end and waits until it has gone. If that takes too long, or is too much, the program is killed, and with
    /// it what it has started.
    /// </summary>
    /// <param name="patience">How long; a minute if it isn't given.</param>
    /// <param name="look">Called with all that was printed so far, each time that there is more.</param>
    public ChildResult WaitForExit(TimeSpan? patience = null, Action<ReadOnlyMemory<byte>>? look = null)
    {
        var time = patience ?? UsualPatience;
        var deadline = new Deadline(time);
        var output = SystemFile.ReadToEnd(_output, deadline, LargestOutput, look, out var errno);
        string? whyKilled = null;
        if (errno == Errno.EFBIG)
            whyKilled = $"printed more than {LargestOutput >> 20} MiB and was killed";
        else if (errno is not (Errno.None or Errno.ETIMEDOUT))
            throw new SystemCallException("cannot read what the program printed", errno);
        if (errno != Errno.None || !TryReap(deadline, out var status))
        {
            whyKilled ??= $"did not end within {time.TotalSeconds} s and was killed";
            status = Kill();
        }
        return new ChildResult(status, output, _errors is null ? [] : ReadFromStart(_errors)) { WhyKilled = whyKilled, PrintedTooMuch = errno == Errno.EFBIG };
    }

    // The group: a program's children keep its output open.
    private int Kill()
    {
        _ = LibC.Kill(-Id, KillSignal);
        // One that hangs in the kernel ends when it comes out of it.
        return TryReap(new Deadline(AfterKill), out var status) ? status : KillSignal;
    }

    private bool TryReap(Deadline deadline, out int status)
    {
        using var process = FileDescriptor.FromCall((int)LibC.SystemCall(OpenProcess, Id, 0), out var errno);
        while (!TryReap(out status))
        {
            if (deadline.HasPassed)
                return false;
            if (errno == Errno.None)
                _ = PollCall.WaitUntilReadable(process, deadline);
            else
                Thread.Sleep(Pause); // Kernels before 5.3 can't wait for a process and a time at once.
        }
        return true;
    }

    private bool TryReap(out int status)
    {
        var value = 0;
        int reaped;
        Errno errno;
        do
        {
            reaped = LibC.WaitPid(Id, &value, DoNotWait);
            errno = reaped < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
        }
        while (errno == Errno.EINTR);
        status = value;
        return errno == Errno.None ? reaped == Id : throw new SystemCallException($"waitpid of {Id}", errno);
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors?.Dispose();
    }

    private static Errno Spawn(
        string path, string[] arguments, ReadOnlySpan<byte> environment,
        FileDescriptor input, FileDescriptor output, FileDescriptor? errors, FileDescriptor? keep, out int pid)
    {
        using var argumentBlock = new StringBlock(Encoding.UTF8.GetBytes($"{string.Join('\0', arguments)}\0"));
        using var environmentBlock = new StringBlock(environment);
        using var settings = new SpawnSettings();
        settings.Connect(input, StandardInput);
        settings.Connect(output, StandardOutput);
        if (errors is not null)
            settings.Connect(errors, StandardError);
        if (keep is not null)
            settings.Connect(keep, Kept);
        var id = 0;
        var errno = LibC.Spawn(&id, path, settings.FileActions, settings.Attributes, argumentBlock.Pointers, environmentBlock.Pointers);
        pid = id;
        return (Errno)errno;
    }

    private static FileDescriptor MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        var file = FileDescriptor.FromCall(LibC.MemoryFile(name, MemoryFileCloseOnExec), out var errno);
        if (errno == Errno.None)
            errno = SystemFile.Write(file, content);
        if (errno != Errno.None)
            throw new SystemCallException($"cannot make a file in memory for {name}", errno);
        _ = LibC.Seek(file, 0, 0);
        return file;
    }

    private static (FileDescriptor ReadEnd, FileDescriptor WriteEnd) Pipe()
    {
        var ends = stackalloc int[2];
        if (LibC.Pipe(ends, CloseOnExec) != 0)
            throw new SystemCallException("pipe2", (Errno)Marshal.GetLastPInvokeError());
        return (FileDescriptor.FromCall(ends[0], out _), FileDescriptor.FromCall(ends[1], out _));
    }

    private static byte[] ReadFromStart(FileDescriptor file)
    {
        _ = LibC.Seek(file, 0, 0);
        var errors = SystemFile.ReadToEnd(file, out var errno, LargestErrors);
        return errno is Errno.None or Errno.EFBIG ? errors : throw new SystemCallException("cannot read what the program complained of", errno);
    }
}
