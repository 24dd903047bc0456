using Cni.Protocol;

namespace Net.Plugin.Interop;

/// <summary>This process's environment, as a child is given it.</summary>
internal static class ProgramEnvironment
{
    private const string Path = "/proc/self/environ";

    /// <summary>All variables that this process was started with, byte for byte (proc_pid_environ(5)).</summary>
    /// <exception cref="SystemCallException">There is no /proc, or it can't be read.</exception>
    public static EnvironmentBlock Read()
    {
        using var file = SystemFile.OpenToRead(Path, out var errno);
        var bytes = errno == Errno.None ? SystemFile.ReadToEnd(file, out errno) : [];
        return errno == Errno.None ? new EnvironmentBlock(bytes) : throw new SystemCallException($"cannot read {Path}", errno);
    }
}
