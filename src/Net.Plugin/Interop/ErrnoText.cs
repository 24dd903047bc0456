using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>The C library's words for an error number.</summary>
internal static class ErrnoText
{
    /// <summary>For example <c>File exists (17)</c>: strerror(3), then the number, so that it can be looked up.</summary>
    public static string Describe(this Errno errno) => $"{Marshal.GetPInvokeErrorMessage((int)errno)} ({(int)errno})";
}

/// <summary>A system call failed in a way that its caller has no answer for.</summary>
internal sealed class SystemCallException(string what, Errno errno) : HostException($"{what}: {errno.Describe()}")
{
    /// <summary>The kernel's reason.</summary>
    public Errno Errno { get; } = errno;
}
