using System.Text;
using Net.Plugin.Interop;

namespace Net.Plugin.Sysctl;

/// <summary>
/// One kernel setting under /proc/sys. Those under <c>net</c> belong to the network namespace of the thread that opens the file, so the
/// container's are read and written in a closure inside its namespace.
/// </summary>
/// <param name="Key">Path below /proc/sys, such as <c>net/ipv4/ip_forward</c>.</param>
internal readonly record struct SysctlFile(string Key)
{
    // The settings used here are small numbers.
    private const int LargestValue = 64;

    private string Path => $"/proc/sys/{Key}";

    /// <summary>The value without the final newline; null when it can't be read, with the reason.</summary>
    public string? TryRead(out Errno errno)
    {
        using var file = SystemFile.OpenToRead(Path, out errno);
        if (errno != Errno.None)
            return null;
        Span<byte> buffer = stackalloc byte[LargestValue];
        var length = SystemFile.Read(file, buffer, out errno);
        return errno == Errno.None ? Encoding.ASCII.GetString(buffer[..length]).Trim() : null;
    }

    /// <summary>Writes the value.</summary>
    public Errno TryWrite(string value)
    {
        using var file = SystemFile.OpenToWrite(Path, out var errno);
        return errno == Errno.None ? SystemFile.Write(file, Encoding.ASCII.GetBytes(value)) : errno;
    }

    /// <summary>Why it can't be written; null if it can. Writes nothing.</summary>
    public string? WhyReadOnly()
    {
        using var file = SystemFile.OpenToWrite(Path, out var errno);
        return errno == Errno.None ? null : $"cannot write to {Path}: {errno.Describe()}";
    }

    /// <summary>Makes the setting hold the value, and writes only if it doesn't: /proc/sys may be read-only where all is well already.</summary>
    /// <exception cref="SystemCallException">It doesn't hold the value and can't be written.</exception>
    public void Ensure(string value)
    {
        if (TryRead(out _) == value)
            return;
        var errno = TryWrite(value);
        if (errno != Errno.None)
            throw new SystemCallException($"cannot write {value} to {Path}", errno);
    }
}
