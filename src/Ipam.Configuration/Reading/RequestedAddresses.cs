using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Reading;

/// <summary>
/// The addresses that somebody wants and no others: <c>IP=</c> of CNI_ARGS, <c>args.cni.ips</c> and <c>runtimeConfig.ips</c>, added up as
/// host-local does. A prefix length is accepted and ignored: the subnet decides.
/// </summary>
public static class RequestedAddresses
{
    /// <summary>There are no more range sets.</summary>
    private const int Most = 64;

    private const string AddressKey = "IP";
    private const string ReservationKey = "IPAM_RESERVATION";

    /// <summary>The key that names a sticky owner.</summary>
    internal const string StickyKey = "IPAM_STICKY";

    /// <summary>CNI_ARGS, with the keys that ask for addresses. Throws <see cref="CniException"/>, code 4.</summary>
    public static CniArgs ParseArgs(string text) => CniArgs.Parse(text, AddressKey, ReservationKey, StickyKey);

    /// <summary>The reservation that is asked for, by CNI_ARGS or else by the configuration; null for none.</summary>
    public static string? Reservation(IpamConfiguration configuration, CniArgs args) => args.Text(ReservationKey) ?? configuration.Reservation;

    /// <summary>The name of a sticky owner in CNI_ARGS; null for none.</summary>
    public static string? Sticky(CniArgs args) => args.Text(StickyKey);

    /// <summary>Reads them, each once, in the order of the sources. Throws <see cref="CniException"/>, code 4 or 7, for what is no address.</summary>
    public static IReadOnlyList<Address> Read(NetworkConfiguration network, CniArgs args)
    {
        var requested = new List<Address>();
        if (args.Text(AddressKey) is { } text)
            Add(requested, text, "IP of CNI_ARGS", CniErrorCode.InvalidEnvironment);
        AddAll(requested, network.Args?.GetObject("cni"), "args.cni.ips");
        AddAll(requested, network.RuntimeConfig, "runtimeConfig.ips");
        return requested;
    }

    private static void AddAll(List<Address> requested, JsonElement? parent, string where)
    {
        foreach (var text in parent?.GetTexts("ips") ?? [])
            Add(requested, text, where, CniErrorCode.InvalidNetworkConfig);
    }

    private static void Add(List<Address> requested, string text, string where, int code)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var isAddress = slash < 0 ? Address.TryParse(text, out var address) : TryParsePrefix(text, out address);
        if (!isAddress)
            throw new CniException(code, $"invalid IP address \"{text}\" in {where}", "wanted an address such as 10.1.0.5 or fd00::5");
        if (requested.Contains(address))
            return;
        if (requested.Count == Most)
            throw new CniException(code, $"more than {Most} addresses are requested in {where}", "each is for a range set of its own; request fewer");
        requested.Add(address);
    }

    private static bool TryParsePrefix(string text, out Address address)
    {
        var isPrefix = Prefix.TryParse(text, out var prefix);
        address = prefix.Address;
        return isPrefix;
    }
}
