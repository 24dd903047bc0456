using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;

namespace Net.Plugin.Ptp;

/// <summary>The main plugin <c>net-ptp</c>: a veth pair per attachment, routed by the host, addresses from any IPAM plugin.</summary>
internal sealed class PtpPlugin : ICniPlugin
{
    private const string Version = "0.1.0";

    private static readonly ConfigurationKey[] AllKeys = [IpamPlugin.TypeKey];

    public string About => $"CNI net-ptp plugin {Version} (IpamSuite)";

    public ReadOnlySpan<ConfigurationKey> Keys => AllKeys;

    public ReadOnlyMemory<byte> Add(PluginRequest request)
    {
        var configuration = PtpConfiguration.Parse(request);
        using var ends = Step.Run("open the network namespaces", () => BothEnds.Open(request.Environment.NetNs));
        using var masquerading = new Masquerading();
        return new Addition(request, configuration, TagOf(request), ends, masquerading).Run();
    }

    public ReadOnlyMemory<byte> Del(PluginRequest request)
    {
        using var masquerading = new Masquerading();
        new Deletion(request, TagOf(request), masquerading).Run();
        return default;
    }

    public ReadOnlyMemory<byte> Check(PluginRequest request)
    {
        using var masquerading = new Masquerading();
        new Verification(request, PtpConfiguration.Parse(request), TagOf(request), masquerading).Run();
        return default;
    }

    public ReadOnlyMemory<byte> Status(PluginRequest request)
    {
        using var masquerading = new Masquerading();
        new Readiness(request, PtpConfiguration.Parse(request), masquerading).Run();
        return default;
    }

    public ReadOnlyMemory<byte> Gc(PluginRequest request)
    {
        using var masquerading = new Masquerading();
        new Sweep(request, masquerading).Run();
        return default;
    }

    private static AttachmentTag TagOf(PluginRequest request) =>
        new(request.Head.Name, request.Environment.ContainerId, request.Environment.IfName);
}
