using Cni.Protocol;
using Net.Plugin.Delegation;
using Net.Plugin.Firewall;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Sysctl;

namespace Net.Plugin.Ptp;

/// <summary>STATUS: whether an ADD with this configuration could succeed, as far as can be told without trying it.</summary>
internal sealed class Readiness(PluginRequest request, PtpConfiguration configuration, Masquerading masquerading)
{
    /// <exception cref="CniException">Code 50 for what this host lacks; what the IPAM plugin reports.</exception>
    public void Run()
    {
        ThrowIf(Capabilities.WhatIsMissing(), "give the runtime that starts the plugin these capabilities");
        ThrowIf(Forwarding.WhyImpossible(IpFamily.V4), "mount /proc/sys writable, or set net.ipv4.ip_forward=1 on the host");
        if (configuration.Masquerade)
            ThrowIf(masquerading.WhyUnusable(configuration.MasqueradeBackend), "ipMasq is set; install what ipMasqBackend names, or leave it out");
        new IpamPlugin(request, configuration.IpamTimeout).Run(CniCommand.Status);
    }

    private static void ThrowIf(string? reason, string advice)
    {
        if (reason is not null)
            throw new CniException(CniErrorCode.NotAvailable, $"this host can't attach containers: {reason}", advice);
    }
}
