using Cni.Protocol;
using Ipam.Configuration.Whereabouts;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Reading;

/// <summary>What a plugin got on stdin, and what <c>ipam</c> in it says. Safe for use by several threads at once.</summary>
/// <param name="network">What the plugin got.</param>
/// <param name="defaults">What counts for keys that <c>ipam</c> doesn't give, where it is written for Whereabouts; null if there is no such file.</param>
/// <param name="podCidrs">The subnets of the node's pods; null where they aren't known.</param>
public sealed class PluginConfiguration(NetworkConfiguration network, FlatFile? defaults = null, IReadOnlyList<Prefix>? podCidrs = null)
{
    private readonly IReadOnlyList<Prefix>? _podCidrs = podCidrs;
    private IpamConfiguration? _ipam;
    private volatile PluginConfiguration? _filled;

    /// <summary>All of the configuration.</summary>
    public NetworkConfiguration Network => network;

    /// <summary>What counts for keys that <c>ipam</c> doesn't give.</summary>
    public FlatFile? Defaults => defaults;

    /// <summary>The same with the subnets of the node's pods; the same object for the same list.</summary>
    internal PluginConfiguration With(IReadOnlyList<Prefix> subnets)
    {
        if (_filled is { } filled && ReferenceEquals(filled._podCidrs, subnets))
            return filled;
        return _filled = new PluginConfiguration(network, defaults, subnets);
    }

    /// <summary>Read when it is first asked for: a DEL doesn't need it. Throws <see cref="CniException"/> for what can't be used.</summary>
    public IpamConfiguration Ipam => _ipam ??= IpamConfigurationReader.Read(network, defaults, _podCidrs);
}
