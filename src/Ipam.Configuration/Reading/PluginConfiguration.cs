using Cni.Protocol;
using Ipam.Configuration.Whereabouts;

namespace Ipam.Configuration.Reading;

/// <summary>What a plugin got on stdin, and what <c>ipam</c> in it says. Safe for use by several threads at once.</summary>
/// <param name="network">What the plugin got.</param>
/// <param name="defaults">What counts for keys that <c>ipam</c> doesn't give, where it is written for Whereabouts; null if there is no such file.</param>
public sealed class PluginConfiguration(NetworkConfiguration network, FlatFile? defaults = null)
{
    private IpamConfiguration? _ipam;

    /// <summary>All of the configuration.</summary>
    public NetworkConfiguration Network => network;

    /// <summary>What counts for keys that <c>ipam</c> doesn't give.</summary>
    public FlatFile? Defaults => defaults;

    /// <summary>Read when it is first asked for: a DEL doesn't need it. Throws <see cref="CniException"/> for what can't be used.</summary>
    public IpamConfiguration Ipam => _ipam ??= IpamConfigurationReader.Read(network, defaults);
}
