using Cni.Protocol;

namespace Ipam.Configuration.Reading;

/// <summary>What a plugin got on stdin, and what <c>ipam</c> in it says. Safe for use by several threads at once.</summary>
public sealed class PluginConfiguration(NetworkConfiguration network)
{
    private IpamConfiguration? _ipam;

    /// <summary>All of the configuration.</summary>
    public NetworkConfiguration Network => network;

    /// <summary>Read when it is first asked for: a DEL doesn't need it. Throws <see cref="CniException"/> for what can't be used.</summary>
    public IpamConfiguration Ipam => _ipam ??= IpamConfigurationReader.Read(network);
}
