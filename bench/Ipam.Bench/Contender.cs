namespace Ipam.Bench;

/// <summary>An IPAM plugin with a configuration.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Binary">The plugin.</param>
/// <param name="ConfigurationPath">The file on its stdin.</param>
internal sealed record Contender(string Name, string Binary, string ConfigurationPath)
{
    public TimeSpan Run(string verb, string container)
    {
        string[] environment =
        [
            $"CNI_COMMAND={verb}", $"CNI_CONTAINERID={container}", "CNI_NETNS=/var/run/netns/bench", "CNI_IFNAME=eth0",
            $"CNI_PATH={Path.GetDirectoryName(Binary)}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        ];
        var (exitCode, elapsed) = Spawn.Run(Binary, ConfigurationPath, environment, out var stdout);
        return exitCode == 0 ? elapsed : throw new InvalidOperationException($"{Name} {verb} {container} failed: {stdout}");
    }
}
