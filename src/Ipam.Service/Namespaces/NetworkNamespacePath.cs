namespace Ipam.Service.Namespaces;

/// <summary>What the path of a container's network namespace says about the container.</summary>
internal static class NetworkNamespacePath
{
    private const string ProcessFolder = "/proc/";

    /// <summary>
    /// Whether the namespace has gone from this node: its file is missing from a folder that is there. A folder that is missing may be one
    /// that ipamd can't see from where it runs; and a path under /proc names a process, by a number that means another one in another pid
    /// namespace, or by now. Such paths say nothing.
    /// </summary>
    public static bool IsGone(string path)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            return false;
        var full = Path.GetFullPath(path);
        return !full.StartsWith(ProcessFolder, StringComparison.Ordinal) && Directory.Exists(Path.GetDirectoryName(full)) && !Path.Exists(full);
    }
}
