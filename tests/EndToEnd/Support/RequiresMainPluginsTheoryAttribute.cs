namespace EndToEnd.Support;

/// <summary>A test that gives containers interfaces: needs root, Debian's CNI plugins, ip and ping.</summary>
public sealed class RequiresMainPluginsTheoryAttribute : TheoryAttribute
{
    public RequiresMainPluginsTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "needs root, to make network namespaces";
        else if (!File.Exists(DebianPlugins.Bridge) || !File.Exists(DebianPlugins.Ptp))
            Skip = $"needs Debian's package containernetworking-plugins in {DebianPlugins.Folder}";
        else if (!File.Exists("/usr/bin/ping") && !File.Exists("/bin/ping"))
            Skip = "needs Debian's package iputils-ping";
    }
}
