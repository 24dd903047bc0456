using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Sysctl;

namespace Net.Plugin.Ptp;

/// <summary>
/// STATUS: whether an ADD with this configuration could succeed, as far as can be told without trying it. It changes nothing but that it puts
/// masquerade rules back that are gone: runtimes call it every few seconds, and nothing else of the plugin runs on a host where no container
/// comes or goes.
/// </summary>
internal sealed class Readiness(PluginRequest request, PtpConfiguration configuration, Masquerading masquerading)
{
    /// <exception cref="CniException">Code 50 for what this host lacks, code 51 for rules that can't be put back; what the IPAM plugin reports.</exception>
    public void Run()
    {
        ThrowIf(Capabilities.WhatIsMissing(), "give the runtime that starts the plugin these capabilities");
        var ipam = IpamPlugin.Of(request, configuration.IpamTimeout);
        if (ipam is not null)
            ThrowIf(Forwarding.WhyImpossible(IpFamily.V4), "mount /proc/sys writable, or set net.ipv4.ip_forward=1 on the host");
        if (configuration.Masquerade)
        {
            ThrowIf(masquerading.WhyUnusable(configuration.MasqueradeBackend), "ipMasq is set; install what ipMasqBackend names, or leave it out");
            PutMasqueradeBack();
        }
        ipam?.Run(CniCommand.Status);
    }

    private void PutMasqueradeBack()
    {
        try
        {
            using var host = BothEnds.OpenSocket();
            new MasqueradeRepair(configuration, AttachmentTag.PrefixOf(request.Head.Name), masquerading, host).Run();
        }
        catch (HostException e)
        {
            throw new CniException(
                CniErrorCode.NotAvailableImpaired, $"masquerade rules that are gone can't be put back: {e.Message}",
                "what their containers send leaves the host with the containers' own addresses");
        }
    }

    private static void ThrowIf(string? reason, string advice)
    {
        if (reason is not null)
            throw new CniException(CniErrorCode.NotAvailable, $"this host can't attach containers: {reason}", advice);
    }
}
