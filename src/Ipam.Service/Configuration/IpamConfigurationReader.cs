using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Allocation;

namespace Ipam.Service.Configuration;

/// <summary>Reads and checks <c>ipam</c>. Throws <see cref="CniException"/>, code 7, for what can't be used.</summary>
internal static class IpamConfigurationReader
{
    /// <summary>The longest name of a space, so that it fits every store's names.</summary>
    private const int MaxSpaceLength = 63;

    private static readonly KnownKeys Keys = new(
        "type", "subnet", "rangeStart", "rangeEnd", "gateway", "ranges", "exclude", "routes", "resolvConf", "space", "order", "socket",
        "spool", "dataDir");

    public static IpamConfiguration Read(NetworkConfiguration network)
    {
        if (network.Ipam is not { } ipam)
            throw InvalidConfiguration.Because("IPAM config missing 'ipam' key");
        Keys.Check(ipam, "ipam");
        return new IpamConfiguration
        {
            Space = Space(ipam),
            Order = Order(ipam),
            RangeSets = RangeSetReader.Read(network, ipam),
            Routes = RouteReader.Read(ipam),
            ResolvConf = ipam.GetText("resolvConf") is { Length: > 0 } path ? path : null,
        };
    }

    private static string Space(JsonElement ipam)
    {
        var space = ipam.GetText("space") is { Length: > 0 } text ? text : "default";
        if (space.Length > MaxSpaceLength || space.AsSpan().ContainsAnyExcept(SpaceCharacters) || !char.IsAsciiLetterOrDigit(space[0]))
        {
            throw InvalidConfiguration.Because(
                $"ipam: space \"{space}\" is no name: up to {MaxSpaceLength} of a-z, A-Z, 0-9, '.', '_' and '-', beginning with a letter or digit");
        }
        return space;
    }

    private static AllocationOrder Order(JsonElement ipam) => ipam.GetText("order") switch
    {
        null or "" or "next" => AllocationOrder.Next,
        "lowest" => AllocationOrder.Lowest,
        "random" => AllocationOrder.Random,
        var other => throw InvalidConfiguration.Because($"ipam: order \"{other}\" is none of \"next\", \"lowest\", \"random\""),
    };

    private static readonly System.Buffers.SearchValues<char> SpaceCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
}
