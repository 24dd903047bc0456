namespace Ipam.Bench.Ptp;

/// <summary>A main plugin with a configuration.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Binary">The plugin.</param>
/// <param name="ConfigurationPath">The file on its stdin.</param>
internal sealed record MainPlugin(string Name, string Binary, string ConfigurationPath)
{
    private static readonly string PluginPath = $"{Folders.Artifact("cni")}:{Folders.Debian}";

    public TimeSpan Run(string verb, Container container)
    {
        var (exitCode, elapsed) = Spawn.Run(Binary, ConfigurationPath, Environment(verb, container), out var stdout);
        return exitCode == 0 ? elapsed : throw new InvalidOperationException($"{Name} {verb} {container.Name} failed: {stdout}");
    }

    /// <summary>The most memory that an ADD has; the attachment is deleted again.</summary>
    public string PeakRss(Container container)
    {
        var peak = Bench.PeakRss.Of(Binary, ConfigurationPath, Environment("ADD", container));
        Run("DEL", container);
        return peak;
    }

    private static string[] Environment(string verb, Container container) =>
    [
        $"CNI_COMMAND={verb}", $"CNI_CONTAINERID={container.Name}", $"CNI_NETNS={container.NetNs}", "CNI_IFNAME=eth0",
        $"CNI_PATH={PluginPath}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    ];
}
