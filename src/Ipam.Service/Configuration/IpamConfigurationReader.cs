using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>Reads and checks <c>ipam</c>. Throws <see cref="CniException"/>, code 7, for what can't be used.</summary>
internal static class IpamConfigurationReader
{
    private static readonly KnownKeys Keys = new(
        "type", "subnet", "rangeStart", "rangeEnd", "gateway", "ranges", "exclude", "routes", "resolvConf", "space", "order",
        "affinity", "strict", "cooldownSeconds", "reuseResting", "pools", "socket", "spool", "dataDir");

    public static IpamConfiguration Read(NetworkConfiguration network)
    {
        if (network.Ipam is not { } ipam)
            throw InvalidConfiguration.Because("IPAM config missing 'ipam' key");
        Keys.Check(ipam, "ipam");
        try
        {
            return Read(network, ipam);
        }
        catch (FormatException e)
        {
            throw InvalidConfiguration.Because(e.Message);
        }
    }

    private static IpamConfiguration Read(NetworkConfiguration network, JsonElement ipam) => new()
    {
        Space = Space(ipam),
        Policy = Policy(ipam),
        Pools = PoolNames(ipam),
        RangeSets = RangeSetReader.Read(network, ipam),
        Routes = RouteReader.Read(ipam),
        ResolvConf = ipam.GetText("resolvConf") is { Length: > 0 } path ? path : null,
    };

    private static AllocationPolicy Policy(JsonElement ipam)
    {
        var policy = new PolicyForm
        {
            Order = ipam.GetText("order"),
            Affinity = ipam.GetText("affinity"),
            Strict = ipam.GetFlag("strict"),
            CooldownSeconds = ipam.TryGetKey("cooldownSeconds", out var seconds) ? seconds.GetRawText() : null,
            ReuseResting = ipam.GetFlag("reuseResting"),
        }.Read("ipam");
        return policy.Check("ipam") is { } problem ? throw new FormatException(problem) : policy;
    }

    private static string? Space(JsonElement ipam)
    {
        if (ipam.GetText("space") is not { Length: > 0 } space)
            return null;
        return NameRules.CheckSpace(space) is { } problem ? throw InvalidConfiguration.Because($"ipam: {problem}") : space;
    }

    private static string[] PoolNames(JsonElement ipam)
    {
        if (ipam.GetArray("pools") is not { } array)
            return [];
        return [.. array.EnumerateArray().Select(static name => name.ValueKind == JsonValueKind.String && NameRules.CheckName("pool", name.GetString()!) is null
            ? name.GetString()!
            : throw InvalidConfiguration.Because($"ipam: pools is a list of names, [\"blue\", \"spare\"], found {name.GetRawText()} in it"))];
    }
}
