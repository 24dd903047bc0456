using System.Text.Json;
using Cni.Protocol;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Links;

namespace Net.Plugin.Ptp;

/// <summary>The keys of the network configuration that this plugin reads.</summary>
internal sealed record PtpConfiguration
{
    private const string Auto = "auto";

    // A rule of nftables has at most 4 KiB in the kernel, and each of these takes more than a hundred bytes of it.
    private const int MostNotMasqueraded = 16;

    // ETH_MIN_MTU and ETH_MAX_MTU of linux/if_ether.h.
    private const long SmallestMtu = 68;
    private const long LargestMtu = 65535;

    // IPV6_MIN_MTU of linux/ipv6.h: on a link with less the kernel has no IPv6 at all.
    private const uint SmallestMtuOfV6 = 1280;

    public required NetworkConfiguration Network { get; init; }

    /// <summary><c>ipMasq</c>: the families of which what leaves the container's network gets the host's address.</summary>
    public IReadOnlyList<IpFamily> Masqueraded { get; init; } = [];

    /// <summary><c>nonMasqCidrs</c>: destinations that see the container's own address all the same.</summary>
    public IReadOnlyList<IpPrefix> NotMasqueraded { get; init; } = [];

    /// <summary>Whether there is anything to masquerade.</summary>
    public bool Masquerade => Masqueraded.Count > 0;

    /// <summary><c>ipMasqBackend</c>: null leaves the choice to the plugin.</summary>
    public string? MasqueradeBackend { get; init; }

    /// <summary><c>mtu</c> of both ends, in bytes; null leaves the kernel's default.</summary>
    public uint? Mtu { get; init; }

    /// <summary><c>"mtu": "auto"</c>: <see cref="Mtu"/> is to be that of the host's default route.</summary>
    public bool FollowsUplink { get; init; }

    /// <summary><c>runtimeConfig.mac</c>: the container's end's address; null: a random one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary><c>enabledad</c>: look whether anybody else has an IPv6 address before it is used, and wait for the outcome.</summary>
    public bool DetectDuplicates { get; init; }

    /// <summary><c>ipamTimeout</c>: how long the IPAM plugin may take for one verb.</summary>
    public required TimeSpan IpamTimeout { get; init; }

    /// <exception cref="CniException">Code 6 for a value of the wrong type, code 7 for one that makes no sense.</exception>
    public static PtpConfiguration Parse(PluginRequest request)
    {
        var network = request.ReadConfiguration();
        var followsUplink = FollowsTheUplink(network);
        var configuration = new PtpConfiguration
        {
            Network = network,
            Masqueraded = ReadMasqueraded(network),
            NotMasqueraded = ReadNotMasqueraded(network),
            MasqueradeBackend = network.Root.GetText("ipMasqBackend"),
            FollowsUplink = followsUplink,
            Mtu = followsUplink ? null : ReadMtu(network),
            Mac = ReadMac(network),
            DetectDuplicates = network.Root.GetFlag("enabledad") ?? false,
            IpamTimeout = Delegation.IpamTimeout.Of(network),
        };
        if (configuration.Masquerade && !Firewall.Backends.MasqueradeBackend.IsValid(configuration.MasqueradeBackend))
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig,
                $"unknown ipmasq backend \"{configuration.MasqueradeBackend}\"",
                "ipMasqBackend is \"nftables\" or \"iptables\"; leave it out to let the plugin choose");
        }
        if (configuration.Masquerade && !Delegation.IpamPlugin.IsWanted(request))
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig, "ipMasq is set, and there is no ipam",
                "without ipam containers get no addresses that could be masqueraded: leave ipMasq out, or set ipam.type to the name of an IPAM plugin");
        }
        return configuration;
    }

    /// <summary>The same on this host: where <see cref="Mtu"/> is to follow its default route, it does. Without such a route it is the kernel's default.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public PtpConfiguration On(NetlinkSocket host) =>
        FollowsUplink && Uplink.MtuOf(host) is { } mtu ? this with { Mtu = Math.Min(mtu, (uint)LargestMtu) } : this;

    /// <summary>What is masqueraded of a container with these addresses.</summary>
    public MasqueradeScope ScopeFor(IReadOnlyList<IpPrefix> addresses) =>
        new([.. addresses.Where(address => Masqueraded.Contains(address.Family))]) { Except = NotMasqueraded };

    /// <summary>What only the addresses show: whether they can be on a link with this <see cref="Mtu"/>.</summary>
    /// <exception cref="CniException">Code 7: they can't.</exception>
    public void ThrowIfMtuIsTooSmallFor(AttachmentPlan plan)
    {
        if (Mtu < SmallestMtuOfV6 && plan.HasV6)
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig,
                $"mtu is {Mtu}{(FollowsUplink ? ", as of the host's default route" : "")}, and the IPAM plugin gives an IPv6 address",
                $"IPv6 needs an mtu of {SmallestMtuOfV6}; 0 leaves the kernel's default");
        }
    }

    private static IReadOnlyList<IpFamily> ReadMasqueraded(NetworkConfiguration network)
    {
        if (!network.Root.TryGetKey("ipMasq", out var value) || value.ValueKind != JsonValueKind.String)
            return network.Root.GetFlag("ipMasq") == true ? [.. IpFamilies.Both] : [];
        return network.Root.GetText("ipMasq") switch
        {
            "ipv4" => [IpFamily.V4],
            "ipv6" => [IpFamily.V6],
            var other => throw new CniException(
                CniErrorCode.InvalidNetworkConfig, $"ipMasq is \"{other}\"", "it is true for both families, false for none, or \"ipv4\" or \"ipv6\""),
        };
    }

    private static List<IpPrefix> ReadNotMasqueraded(NetworkConfiguration network)
    {
        var texts = network.Root.GetTexts("nonMasqCidrs") ?? [];
        if (texts.Count > MostNotMasqueraded)
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig, $"nonMasqCidrs has {texts.Count} entries", $"it may have {MostNotMasqueraded}; write neighbours as one larger prefix");
        }
        try
        {
            return [.. texts.Map(static text => IpPrefix.Parse(text).Network)];
        }
        catch (FormatException e)
        {
            throw new CniException(CniErrorCode.InvalidNetworkConfig, $"nonMasqCidrs: {e.Message}", "packets to these destinations keep the container's address");
        }
    }

    private static bool FollowsTheUplink(NetworkConfiguration network) =>
        network.Root.TryGetKey("mtu", out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(Auto);

    private static uint? ReadMtu(NetworkConfiguration network) => network.Root.GetInteger("mtu") switch
    {
        null or 0 => null,
        long mtu and >= SmallestMtu and <= LargestMtu => (uint)mtu,
        var mtu => throw new CniException(
            CniErrorCode.InvalidNetworkConfig, $"mtu is {mtu}",
            $"a veth takes {SmallestMtu} to {LargestMtu}; 0 leaves the kernel's default, and \"{Auto}\" is that of the host's default route"),
    };

    private static MacAddress? ReadMac(NetworkConfiguration network)
    {
        if (network.RuntimeConfig?.GetText("mac") is not { Length: > 0 } text)
            return null;
        return MacAddress.TryParse(text, out var mac)
            ? mac
            : throw new CniException(
                CniErrorCode.InvalidNetworkConfig, $"runtimeConfig.mac is \"{text}\"", "an Ethernet address is written like 02:00:5e:10:00:01");
    }
}
