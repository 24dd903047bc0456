using Microsoft.Win32.SafeHandles;

namespace Cni.Protocol;

/// <summary>
/// Standard streams without <see cref="Console"/>, whose first write installs signal handlers and starts a thread: a third of a short
/// process's time.
/// </summary>
internal static class StandardStream
{
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
