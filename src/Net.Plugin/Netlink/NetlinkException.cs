using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>The kernel refused a request, or its answer did not come through.</summary>
internal sealed class NetlinkException : HostException
{
    /// <param name="request">What was asked for, as in <c>add address 10.1.2.2/24 to interface 7</c>.</param>
    /// <param name="errno">The kernel's reason.</param>
    /// <param name="kernelText">The sentence that newer kernels add, if any.</param>
    public NetlinkException(string request, Errno errno, string? kernelText = null)
        : base($"{request}: {errno.Describe()}{(kernelText is null ? "" : $": {kernelText}")}") => Errno = errno;

    public Errno Errno { get; }
}
