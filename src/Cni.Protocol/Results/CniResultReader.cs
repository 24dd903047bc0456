using System.Net;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>Reads results of every version into the one model.</summary>
internal static class CniResultReader
{
    private const string Subject = JsonSubject.Result;

    /// <summary>See <see cref="CniResult.Parse"/>.</summary>
    public static CniResult Read(ReadOnlySpan<byte> bytes, CniVersion configVersion)
    {
        var root = Root(bytes);
        return Read(root, root.GetText("cniVersion", Subject) is { Length: > 0 } own ? CniVersion.EnsureSupported(own) : configVersion);
    }

    /// <summary>A <c>prevResult</c>, whose version, where it has one, must be of the same family as the configuration's.</summary>
    public static CniResult ReadPrevResult(JsonElement json, CniVersion configVersion)
    {
        try
        {
            JsonKeys.Ensure(json.ValueKind, JsonValueKind.Object, "prevResult", Subject);
            EnsureFamily(json.GetText("cniVersion", Subject), CniResultFamilies.Of(configVersion));
            return Read(json, configVersion);
        }
        catch (CniException e) when (e.Error.Code == CniErrorCode.DecodingFailure)
        {
            throw new CniException(e.Error with { Message = $"could not parse prevResult: {e.Error.Message}" });
        }
    }

    /// <summary>A <c>dns</c> object; null when it has neither a domain nor any list, be it an empty one.</summary>
    public static CniDns? ReadDns(JsonElement json, string subject)
    {
        var nameservers = json.GetTexts("nameservers", subject);
        var domain = json.GetText("domain", subject) ?? "";
        var search = json.GetTexts("search", subject);
        var options = json.GetTexts("options", subject);
        if (nameservers is null && domain.Length == 0 && search is null && options is null)
            return null;
        return new CniDns { Nameservers = nameservers ?? [], Domain = domain, Search = search ?? [], Options = options ?? [] };
    }

    /// <summary>The routes of any object.</summary>
    public static IReadOnlyList<CniRoute> ReadRoutes(JsonElement parent) => ReadList(parent, "routes", ReadRoute);

    private static JsonElement Root(ReadOnlySpan<byte> bytes)
    {
        try
        {
            StrictJson.CheckForm(bytes);
            var json = StrictJson.Reader(bytes);
            var root = JsonElement.ParseValue(ref json);
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw JsonKeys.NotAnObject(root.ValueKind, Subject);
        }
        catch (JsonException e)
        {
            throw JsonKeys.Undecodable(Subject, StrictJson.Explain(e));
        }
    }

    private static void EnsureFamily(string? own, CniResultFamily family)
    {
        if (!string.IsNullOrEmpty(own) && !IsOfFamily(own, family))
        {
            throw new CniException(CniErrorCode.DecodingFailure,
                $"result type supports {CniResultFamilies.Versions(family)} but unmarshalled CNIVersion is \"{own}\"");
        }
    }

    private static bool IsOfFamily(string own, CniResultFamily family)
    {
        foreach (var version in CniVersion.Supported)
        {
            if (version.ToString() == own)
                return CniResultFamilies.Of(version) == family;
        }
        return false;
    }

    private static CniResult Read(JsonElement json, CniVersion version)
    {
        var dns = json.Get("dns", JsonValueKind.Object, Subject) is { } given ? ReadDns(given, Subject) : null;
        var result = new CniResult { Dns = dns ?? CniDns.None };
        return CniResultFamilies.Of(version) == CniResultFamily.V01
            ? ReadFamilies(result, json)
            : result with
            {
                Interfaces = ReadList(json, "interfaces", ReadInterface),
                Ips = ReadList(json, "ips", ip => ReadIp(ip, "address")),
                Routes = ReadList(json, "routes", ReadRoute),
            };
    }

    private static CniResult ReadFamilies(CniResult result, JsonElement json)
    {
        var (ips, routes) = (new List<CniIp>(2), new List<CniRoute>());
        foreach (var key in (ReadOnlySpan<string>)["ip4", "ip6"])
        {
            if (json.Get(key, JsonValueKind.Object, Subject) is not { } family)
                continue;
            ips.Add(ReadIp(family, "ip"));
            routes.AddRange(ReadList(family, "routes", ReadRoute));
        }
        return result with { Ips = ips, Routes = routes };
    }

    private static CniInterface ReadInterface(JsonElement json) => new(json.GetText("name", Subject) ?? "")
    {
        Mac = json.GetText("mac", Subject) ?? "",
        Mtu = Unsigned(json, "mtu") ?? 0,
        Sandbox = json.GetText("sandbox", Subject) ?? "",
        SocketPath = json.GetText("socketPath", Subject) ?? "",
        PciId = json.GetText("pciID", Subject) ?? "",
    };

    private static CniIp ReadIp(JsonElement json, string key)
    {
        var prefix = Prefix(json, key);
        return new CniIp(prefix.Address, prefix.Length)
        {
            Gateway = Address(json, "gateway"),
            Interface = (int?)json.GetInteger("interface", int.MinValue, int.MaxValue, Subject),
        };
    }

    private static CniRoute ReadRoute(JsonElement json) => new(Prefix(json, "dst"))
    {
        Gw = Address(json, "gw"),
        Mtu = Unsigned(json, "mtu") ?? 0,
        AdvMss = Unsigned(json, "advmss") ?? 0,
        Priority = Unsigned(json, "priority") ?? 0,
        Table = Unsigned(json, "table"),
        Scope = (int?)json.GetInteger("scope", int.MinValue, int.MaxValue, Subject),
    };

    private static List<T> ReadList<T>(JsonElement parent, string key, Func<JsonElement, T> read)
    {
        var items = new List<T>();
        if (parent.Get(key, JsonValueKind.Array, Subject) is not { } array)
            return items;
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw JsonKeys.Undecodable(Subject, $"\"{key}\" must hold objects, found {item.GetRawText()}");
            items.Add(read(item));
        }
        return items;
    }

    private static uint? Unsigned(JsonElement json, string key) => (uint?)json.GetInteger(key, 0, uint.MaxValue, Subject);

    private static CniPrefix Prefix(JsonElement json, string key)
    {
        var text = json.GetText(key, Subject) ?? "";
        return CniPrefix.TryParse(text, out var prefix)
            ? prefix
            : throw JsonKeys.Undecodable(Subject, $"\"{key}\": invalid CIDR address: {text}");
    }

    private static IPAddress? Address(JsonElement json, string key)
    {
        var text = json.GetText(key, Subject) ?? "";
        return text.Length == 0
            ? null
            : CniAddress.TryParse(text) ?? throw JsonKeys.Undecodable(Subject, $"\"{key}\": invalid IP address: {text}");
    }
}
