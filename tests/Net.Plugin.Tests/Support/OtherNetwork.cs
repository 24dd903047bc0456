using System.Text.Json.Nodes;

namespace Net.Plugin.Tests.Support;

/// <summary>A second network on the same host.</summary>
internal sealed class OtherNetwork(PtpHost host, string name, string subnet)
{
    public CniOutcome Call(string verb, TestNamespace container, string interfaceName = "eth0")
    {
        var configuration = host.Configuration.DeepClone().AsObject();
        configuration["name"] = name;
        configuration["ipam"] = host.HostLocal(subnet);
        return host.Call(verb, container, interfaceName, configuration: configuration.ToJsonString());
    }
}
