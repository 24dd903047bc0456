using System.Text.Json;
using Cni.Protocol;

namespace Ipam.Plugin.Probing;

/// <summary>What the configuration says of the probe.</summary>
internal static class ProbeSettings
{
    /// <summary>Whether addresses are probed.</summary>
    public static readonly ConfigurationKey ProbeKey = new("ipam", "probe", JsonValueKind.True);

    /// <summary>On which interface.</summary>
    public static readonly ConfigurationKey InterfaceKey = new("ipam", "probeInterface");

    // Of the reference's bridge, where its configuration names none.
    private const string UsualBridge = "cni0";

    /// <summary>The probe that is wanted; null if none is. Throws <see cref="CniException"/> if nothing says on which interface.</summary>
    public static WireProbe? Read(PluginRequest request)
    {
        if (request.Head.Text(ProbeKey) != "true")
            return null;
        if (request.Head.Text(InterfaceKey) is { Length: > 0 } named)
            return new WireProbe(named);
        return OfMainPlugin(request) is { Length: > 0 } implied
            ? new WireProbe(implied)
            : throw new CniException(
                CniErrorCode.InvalidNetworkConfig, "ipam: probe is set, and nothing says on which interface",
                "set ipam.probeInterface to the one on whose wire the containers are; only that of bridge, macvlan and ipvlan is known without it");
    }

    // The interface that the main plugin puts the container on, untagged as a probe is.
    private static string? OfMainPlugin(PluginRequest request)
    {
        var root = request.ReadConfiguration().Root;
        return request.Head.Type switch
        {
            "bridge" when !root.TryGetKey("vlan", out _) => root.GetText("bridge") is { Length: > 0 } bridge ? bridge : UsualBridge,
            "macvlan" or "ipvlan" => root.GetText("master"),
            _ => null,
        };
    }
}
