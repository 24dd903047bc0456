using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>
/// Reads one range: <c>{subnet, rangeStart, rangeEnd, gateway, exclude}</c>, with the <see cref="SubnetDefaults"/> for what isn't given.
/// </summary>
internal static class RangeReader
{
    private static readonly KnownKeys Keys = new("subnet", "rangeStart", "rangeEnd", "gateway", "exclude");

    /// <summary>Refuses an object with keys that a range doesn't have.</summary>
    public static void CheckKeys(JsonElement json, string where) => Keys.Check(json, where);

    /// <summary>Reads the range in an object, which may have other keys, too.</summary>
    public static RangeDraft Read(JsonElement json, IReadOnlyList<AddressRange> excluded, string where)
    {
        var subnet = Subnet(json, where);
        var first = AddressIn(subnet, json, "rangeStart", where) ?? SubnetDefaults.First(subnet);
        var last = AddressIn(subnet, json, "rangeEnd", where) ?? SubnetDefaults.Last(subnet);
        if (first > last)
            throw InvalidConfiguration.Because($"{where}: rangeStart {first} comes after rangeEnd {last} of subnet {subnet}");

        var gateway = Address(json, "gateway", subnet.Address.Family, where) ?? SubnetDefaults.Gateway(subnet);
        List<AddressRange> masked = [.. excluded, .. ExclusionReader.Read(json, where), .. SubnetDefaults.NeverHandedOut(subnet)];
        return new RangeDraft(subnet, new AddressRange(first, last), gateway, masked);
    }

    private static Prefix Subnet(JsonElement json, string where)
    {
        var text = json.GetText("subnet");
        if (string.IsNullOrEmpty(text))
            throw InvalidConfiguration.Because($"{where}: \"subnet\" is missing; give a subnet such as \"10.1.0.0/16\"");
        if (!Prefix.TryParse(text, out var subnet))
            throw InvalidConfiguration.Because($"{where}: subnet \"{text}\" is not in CIDR notation, such as \"10.1.0.0/16\"");
        if (subnet.HasHostBits)
        {
            throw InvalidConfiguration.Because(
                $"{where}: Network has host bits set. For a subnet mask of length {subnet.Length} the network address is {subnet.First}",
                $"found {text}, wanted {subnet.First}/{subnet.Length}");
        }
        return subnet;
    }

    private static Address? AddressIn(Prefix subnet, JsonElement json, string key, string where)
    {
        if (Address(json, key, subnet.Address.Family, where) is not { } address)
            return null;
        if (!subnet.Contains(address))
        {
            throw InvalidConfiguration.Because(
                $"{where}: {key} {address} is not in subnet {subnet}, which goes from {subnet.First} to {subnet.Last}");
        }
        return address;
    }

    private static Address? Address(JsonElement json, string key, IpFamily family, string where)
    {
        var text = json.GetText(key);
        if (string.IsNullOrEmpty(text))
            return null;
        if (!Core.Addresses.Address.TryParse(text, out var address))
            throw InvalidConfiguration.Because($"{where}: {key} \"{text}\" is not an IP address such as 10.1.0.5 or fd00::5");
        if (address.Family != family)
        {
            throw InvalidConfiguration.Because(
                $"{where}: {key} {address} is not of the subnet's address family; give each family a set of its own");
        }
        return address;
    }
}
