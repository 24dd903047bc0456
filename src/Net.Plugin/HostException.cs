namespace Net.Plugin;

/// <summary>Something outside this program did not do what was asked of it: the kernel, another program, a path.</summary>
internal abstract class HostException(string message) : Exception(message);
