using Microsoft.Win32.SafeHandles;

namespace Cni.Protocol;

/// <summary>
/// Standard streams without <see cref="Console"/>, whose first write installs signal handlers and starts a thread: a third of a short
/// process's time.
/// </summary>
internal static class StandardStream
{
    private const int LastDescriptor = 2;

    /// <summary>
    /// Puts something in the place of each standard descriptor that is closed. Otherwise the next file or socket that the plugin opens would
    /// become its stdout, and get what was meant for the runtime. Reading what is put there gives nothing; writing to it fails.
    /// </summary>
    public static void EnsureOpen()
    {
        try
        {
            SafeFileHandle file;
            while ((file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite)).DangerousGetHandle() <= LastDescriptor)
            {
                // Nobody closes it as long as the process runs.
                file.SetHandleAsInvalid();
            }
            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A machine without /dev/null: then they have to be open.
        }
    }

    /// <summary>Stdin, unbuffered.</summary>
    public static Stream Input() => Open(0, FileAccess.Read);

    /// <summary>Stdout, unbuffered.</summary>
    public static Stream Output() => Writable(1, Console.OpenStandardOutput);

    /// <summary>Stderr, unbuffered.</summary>
    public static Stream Error() => Writable(2, Console.OpenStandardError);

    /// <summary>
    /// A runtime gives pipes. In a file, <see cref="FileStream"/> writes at a place of its own and leaves the shared offset alone, so the next
    /// process that writes there would overwrite it; <see cref="Console"/>'s stream doesn't.
    /// </summary>
    private static Stream Writable(int descriptor, Func<Stream> slow)
    {
        var stream = Open(descriptor, FileAccess.Write);
        return stream.CanSeek ? slow() : stream;
    }

    /// <summary>The descriptor stays open when the stream is closed.</summary>
    private static FileStream Open(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0, isAsync: false);
}
