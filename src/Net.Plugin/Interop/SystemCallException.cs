namespace Net.Plugin.Interop;

/// <summary>A system call failed in a way that its caller has no answer for.</summary>
internal sealed class SystemCallException(string what, Errno errno) : HostException($"{what}: {errno.Describe()}")
{
    /// <summary>The kernel's reason.</summary>
    public Errno Errno { get; } = errno;
}
