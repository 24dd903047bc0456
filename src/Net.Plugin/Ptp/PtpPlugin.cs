using System.Text;
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
        ThrowIfKernelChangesName(request.Environment.IfName);
        var open = BothEnds.Open(request.Environment.NetNs);
        var configuration = PtpConfiguration.Parse(request);
        var tag = TagOf(request);
        using var claim = Step.Run("claim the attachment", () => AttachmentClaim.TryTake(tag)) ?? throw AttachmentClaim.Busy(request, tag);
        using var ends = Step.Run("open the network namespaces", open);
        configuration = Step.Run("look at the host's default route", () => configuration.On(ends.Host));
        using var masquerading = new Masquerading();
        return new Addition(request, configuration, tag, ends, masquerading, claim.File).Run();
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

    // The kernel makes a number of %d, and takes the byte 0xA0, which letters such as \u00e0 have in UTF-8, for white space (dev_valid_name);
    // its settings have folders of these two names.
    private static void ThrowIfKernelChangesName(string name)
    {
        if (name is "all" or "default" || name.Contains('%') || Encoding.UTF8.GetBytes(name).Contains((byte)0xa0))
        {
            throw new CniException(
                CniErrorCode.InvalidEnvironment, $"CNI_IFNAME is \"{name}\", which the kernel doesn't take as it is",
                "it must have no '%' and no letter with the byte 0xA0, and be neither \"all\" nor \"default\"");
        }
    }

    private static AttachmentTag TagOf(PluginRequest request) =>
        new(request.Head.Name, request.Environment.ContainerId, request.Environment.IfName);
}
