using System.Runtime.InteropServices;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Configuration.Whereabouts;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Reading;

/// <summary>Reads and checks <c>ipam</c>. Throws <see cref="CniException"/>, code 7, for what can't be used.</summary>
public static class IpamConfigurationReader
{
    private static readonly KnownKeys Keys = new(
        "type", "subnet", "rangeStart", "rangeEnd", "gateway", "ranges", "exclude", "skipEdges", "allowOutside", "routes", "resolvConf", "space", "order",
        "affinity", "strict", "cooldownSeconds", "reuseResting", "sticky", "stickySeconds", "pools", "podAnnotations", ClaimsKey, "reservation", "status", "statusGraceSeconds",
        "socket", "spool", "wait", "probe", "probeInterface", "dataDir");

    /// <summary>So many pools may be named.</summary>
    public const int MostPools = 64;

    private const string ClaimsKey = "allowPersistentIPs";
    private const int MostBytes = 256 << 10;
    private const int DefaultStatusGrace = 60;
    private const int MaxStatusGrace = 3600;
    private const int DefaultWait = 5;
    private const int LongestWait = 15;

    /// <summary>
    /// Where <c>ipam</c> says that its file of defaults is, if it is written for Whereabouts, which has such; empty if it doesn't say it. Null if it has none. Never throws:
    /// what is wrong is said when it is read.
    /// </summary>
    public static string? FindDefaultsPath(NetworkConfiguration network) =>
        network.Root.TryGetKey("ipam", out var ipam) && WhereaboutsKeys.AreIn(ipam) ? PathIn(ipam) : null;

    /// <summary>What <c>ipam</c> says, but for STATUS.</summary>
    /// <param name="network">The configuration.</param>
    /// <param name="defaults">What counts for keys that it doesn't give, where it is written for Whereabouts; null if there is no such file.</param>
    /// <param name="podCidrs">The subnets of the node's pods; null where they aren't known.</param>
    public static IpamConfiguration Read(NetworkConfiguration network, FlatFile? defaults = null, IReadOnlyList<Prefix>? podCidrs = null)
    {
        if (network.Ipam is not { } ipam)
            throw InvalidConfiguration.Because("IPAM config missing 'ipam' key");
        if (JsonMarshal.GetRawUtf8Value(ipam).Length is var length and > MostBytes)
            throw InvalidConfiguration.Because($"ipam has {length} bytes, and at most {MostBytes} are taken; put its ranges into a pool");
        return Explain(() =>
        {
            if (WhereaboutsDialect.TryRead(ipam, defaults) is { } dialect)
                return Read(network, dialect);
            Keys.Check(ipam, "ipam");
            return Read(network, ipam, podCidrs);
        });
    }

    /// <summary>What <c>ipam</c> says about STATUS, which other verbs needn't know.</summary>
    public static StatusPolicy ReadStatus(NetworkConfiguration network) =>
        network.Ipam is { } ipam ? Explain(() => Status(ipam)) : new StatusPolicy(false, TimeSpan.FromSeconds(DefaultStatusGrace));

    /// <summary>How long <c>ipam</c> lets a request wait for a service that is just starting. The plugin refuses what is none.</summary>
    public static TimeSpan ReadWait(NetworkConfiguration network) =>
        network.Ipam is { } ipam && ipam.TryGetKey("wait", out var wait) && wait.ValueKind == JsonValueKind.Number && wait.TryGetDouble(out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWait))
            : TimeSpan.FromSeconds(DefaultWait);

    private static string PathIn(JsonElement ipam)
    {
        try
        {
            return ipam.GetText("configuration_path") ?? "";
        }
        catch (CniException)
        {
            return "";
        }
    }

    private static T Explain<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw InvalidConfiguration.Because(e.Message);
        }
        catch (InvalidOperationException)
        {
            throw InvalidConfiguration.Because("ipam: a text can't be decoded: there is half of a surrogate pair in it; write the character itself, in UTF-8");
        }
    }

    private static IpamConfiguration Read(NetworkConfiguration network, JsonElement ipam, IReadOnlyList<Prefix>? podCidrs) => new()
    {
        Space = Space(ipam.GetText("space")),
        Policy = Policy(ipam),
        Pools = PoolNames(ipam),
        TakesPodAnnotations = PodAnnotations(ipam),
        AllowsIpamClaims = AllowsIpamClaims(network, ipam),
        WantsPodCidr = podCidrs is null && RangeReader.WantsPodCidr(ipam),
        RangeSets = RangeSetReader.Read(network, ipam, podCidrs ?? []),
        Reservation = ReservationName(ipam),
        Routes = RouteReader.Read(ipam),
        ResolvConf = ipam.GetText("resolvConf") is { Length: > 0 } path ? path : null,
    };

    private static IpamConfiguration Read(NetworkConfiguration network, WhereaboutsDialect dialect) => new()
    {
        Space = Space(dialect.Space),
        Policy = Policy(dialect.Ipam, order: "lowest", affinity: dialect.HasNodeSlices ? "node" : "none"),
        Pools = [],
        AllowsIpamClaims = AllowsIpamClaims(network, dialect.Ipam),
        RangeSets = RangeSetReader.Read(network, dialect.Ranges),
        Routes = RouteReader.Read(dialect.Ipam),
        Dns = CniResult.ReadDns(dialect.Ipam),
        Ignored = dialect.Ignored,
    };

    /// <param name="ipam">The object.</param>
    /// <param name="order">The order where it says none.</param>
    /// <param name="affinity">The affinity where it says none; null for the store's.</param>
    private static AllocationPolicy Policy(JsonElement ipam, string? order = null, string? affinity = null)
    {
        var policy = new PolicyForm
        {
            Order = ipam.GetText("order") is { Length: > 0 } givenOrder ? givenOrder : order,
            Affinity = ipam.GetText("affinity") is { Length: > 0 } givenAffinity ? givenAffinity : affinity,
            Strict = ipam.GetFlag("strict"),
            CooldownSeconds = ipam.TryGetKey("cooldownSeconds", out var seconds) ? seconds.GetRawText() : null,
            ReuseResting = ipam.GetFlag("reuseResting"),
            Sticky = ipam.GetFlag("sticky"),
            StickySeconds = ipam.TryGetKey("stickySeconds", out var time) ? time.GetRawText() : null,
        }.Read("ipam");
        return policy.Check("ipam") is { } problem ? throw new FormatException(problem) : policy;
    }

    private static StatusPolicy Status(JsonElement ipam)
    {
        var word = ipam.GetText("status");
        if (word is not (null or "" or "serving" or "strict"))
            throw new FormatException($"ipam: status \"{word}\" is none of \"serving\", \"strict\"");
        var grace = DefaultStatusGrace;
        if (ipam.TryGetKey("statusGraceSeconds", out var seconds) && (seconds.ValueKind != JsonValueKind.Number || !seconds.TryGetInt32(out grace) || grace is < 0 or > MaxStatusGrace))
            throw new FormatException($"ipam: statusGraceSeconds is {seconds.GetRawText()}, wanted is a whole number from 0 to {MaxStatusGrace}");
        return new StatusPolicy(word == "strict", TimeSpan.FromSeconds(grace));
    }

    private static string? Space(string? space)
    {
        if (string.IsNullOrEmpty(space))
            return null;
        return NameRules.CheckSpace(space) is { } problem ? throw InvalidConfiguration.Because($"ipam: {problem}") : space;
    }

    private static string? ReservationName(JsonElement ipam)
    {
        if (ipam.GetText("reservation") is not { Length: > 0 } name)
            return null;
        return NameRules.CheckName("reservation", name) is { } problem ? throw InvalidConfiguration.Because($"ipam: {problem}") : name;
    }

    private static bool PodAnnotations(JsonElement ipam)
    {
        if (ipam.GetFlag("podAnnotations") is not true)
            return false;
        if (PoolNames(ipam).Length == 0)
            throw new FormatException("ipam: podAnnotations lets pods choose other pools than those of \"pools\", and there are none; give the ones for pods that choose none");
        return true;
    }

    /// <summary>KubeVirt looks for it beside <c>ipam</c>, where main plugins have it that hand out addresses themselves.</summary>
    private static bool AllowsIpamClaims(NetworkConfiguration network, JsonElement ipam) => ipam.GetFlag(ClaimsKey) ?? network.Root.GetFlag(ClaimsKey) ?? false;

    private static string[] PoolNames(JsonElement ipam)
    {
        if (ipam.GetArray("pools") is not { } array)
            return [];
        if (array.GetArrayLength() > MostPools)
            throw InvalidConfiguration.Because($"ipam: pools has {array.GetArrayLength()} names, and at most {MostPools} are taken; put ranges into one pool");
        return [.. array.EnumerateArray().Select(static name => name.ValueKind == JsonValueKind.String && NameRules.CheckName("pool", name.GetString()!) is null
            ? name.GetString()!
            : throw InvalidConfiguration.Because($"ipam: pools is a list of names, [\"blue\", \"spare\"], found {name.GetRawText()} in it"))];
    }
}
