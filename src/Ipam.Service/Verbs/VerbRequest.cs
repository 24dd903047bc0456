using Cni.Protocol;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>One call of a plugin.</summary>
/// <param name="Environment">The CNI_* values, valid for the verb.</param>
/// <param name="Configuration">What the plugin got on stdin; its version has the verb.</param>
/// <param name="ArrivedAt">When the call arrived.</param>
internal sealed record VerbRequest(CniEnvironment Environment, PluginConfiguration Configuration, DateTimeOffset ArrivedAt)
{
    public NetworkConfiguration Network => Configuration.Network;

    public IpamConfiguration Ipam => Configuration.Ipam;
}
