using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>
/// What the service does for one verb of the CNI specification. Throws <see cref="CniException"/> for what the caller shall see, and
/// <see cref="StoreException"/> if the store fails.
/// </summary>
internal interface IVerb
{
    /// <summary>Serves a call; returns the bytes for the plugin's stdout.</summary>
    Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken);
}

/// <summary>One call of a plugin.</summary>
/// <param name="Environment">The CNI_* values, valid for the verb.</param>
/// <param name="Configuration">What the plugin got on stdin; its version has the verb.</param>
/// <param name="ArrivedAt">When the call arrived, or was asked for before that, as a timestamp of the monotonic clock.</param>
internal sealed record VerbRequest(CniEnvironment Environment, PluginConfiguration Configuration, long ArrivedAt)
{
    /// <summary>Which network namespace CNI_NETNS leads to, as the plugin says; none for a plugin that doesn't.</summary>
    public NamespaceMark Namespace { get; init; } = NamespaceMark.None;

    /// <summary>The addresses of the answer before that the plugin found in use on the wire.</summary>
    public IReadOnlyList<AddressConflict> Conflicts { get; init; } = [];

    /// <summary>Filled by ADD: those of its answer's addresses that a machine had before, which moves. Its other pod may still answer for them.</summary>
    public List<Address> Moved { get; } = [];

    public NetworkConfiguration Network => Configuration.Network;

    public IpamConfiguration Ipam => Configuration.Ipam;
}
