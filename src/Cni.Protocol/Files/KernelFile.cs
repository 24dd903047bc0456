namespace Cni.Protocol;

/// <summary>
/// Files that the kernel makes up when they are read (proc(5)). The framework's calls do: <c>/proc</c> holds nothing that waits for a writer.
/// </summary>
public static class KernelFile
{
    /// <summary>
    /// Reads the beginning of a file, as much as <paramref name="buffer"/> holds, and returns the part of it that was filled. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static ReadOnlySpan<byte> ReadStart(string path, Span<byte> buffer)
    {
        using var file = File.OpenHandle(path);
        return buffer[..RandomAccess.Read(file, buffer, 0)];
    }
}
