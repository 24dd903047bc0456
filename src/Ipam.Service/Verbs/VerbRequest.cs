using Cni.Protocol;

namespace Ipam.Service.Verbs;

/// <summary>One call of a plugin.</summary>
/// <param name="Environment">The CNI_* values, valid for the verb.</param>
/// <param name="Network">What the plugin got on stdin; its version has the verb.</param>
/// <param name="ArrivedAt">When the call arrived.</param>
internal sealed record VerbRequest(CniEnvironment Environment, NetworkConfiguration Network, DateTimeOffset ArrivedAt);
