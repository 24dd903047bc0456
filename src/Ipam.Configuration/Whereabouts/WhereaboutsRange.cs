using System.Text;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Whereabouts;

/// <summary>Reads what Whereabouts has for a range: <c>{range, range_start, range_end, exclude}</c>.</summary>
internal static class WhereaboutsRange
{
    /// <summary>The range. It has no gateway: Whereabouts takes none for given.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PoolRange Read(JsonElement json, string where)
    {
        if (json.GetText("range") is not { Length: > 0 } text)
            throw new FormatException($"{where}: \"range\" is missing; give a range such as \"10.1.0.0/16\" or \"10.1.0.5-10.1.0.90/16\"");
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var prefix = RangeForm.ReadPrefix(Plain(text[(dash + 1)..].Trim()), where, "range");
        var subnet = prefix with { Address = prefix.First };
        var (first, last) = (ReadAddress(json, where, "range_start"), ReadAddress(json, where, "range_end"));
        if (dash >= 0)
        {
            first = Agreed(RangeForm.ReadAddress(Plain(text[..dash].Trim()), where, "range"), first, text, where, "range_start");
            last = Agreed(prefix.Address, last, text, where, "range_end");
        }
        var range = new PoolRange { Subnet = subnet, First = first, Last = last ?? LastOf(subnet), HasGatewayByDefault = false, Excluded = ReadExcluded(json, where) };
        Check(range.Bounds.First, subnet, where, "range_start");
        Check(range.Bounds.Last, subnet, where, "range_end");
        return range.Bounds.First > range.Bounds.Last
            ? throw new FormatException($"{where}: range_start {range.Bounds.First} comes after range_end {range.Bounds.Last} of range {subnet}")
            : range;
    }

    /// <summary>The addresses of <c>exclude</c>.</summary>
    /// <exception cref="FormatException">An entry is none.</exception>
    public static IReadOnlyList<AddressRange> ReadExcluded(JsonElement json, string where) =>
        RangeForm.ReadRanges((json.GetTexts("exclude") ?? []).Select(Plain), where, "exclude");

    /// <summary>The address at a key; null if there is none.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static Address? ReadAddress(JsonElement json, string where, string key) => RangeForm.ReadAddress(Plain(json.GetText(key) ?? ""), where, key);

    /// <summary>Whereabouts passes over zeros that lead a number of an IPv4 address.</summary>
    public static string Plain(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var leads = text[i] == '0' && (plain.Length == 0 || !char.IsAsciiDigit(plain[^1])) && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]);
            if (!leads)
                plain.Append(text[i]);
        }
        return plain.ToString();
    }

    /// <summary>Whereabouts leaves out the last address of an IPv6 range, too.</summary>
    private static Address? LastOf(Prefix subnet) =>
        subnet.Address.Family == IpFamily.V6 && subnet.Address.Bits - subnet.Length >= 2 ? subnet.Last with { Value = subnet.Last.Value - 1 } : null;

    private static Address? Agreed(Address? inRange, Address? given, string range, string where, string key)
    {
        if (inRange is null)
            throw new FormatException($"{where}: range \"{range}\" is none of: a prefix such as \"10.1.0.0/16\", a range such as \"10.1.0.5-10.1.0.90/16\"");
        return given is null || given == inRange
            ? inRange
            : throw new FormatException($"{where}: {key} is {given}, and {inRange} in range \"{range}\"; give it once");
    }

    private static void Check(Address address, Prefix subnet, string where, string key)
    {
        if (!subnet.Contains(address))
            throw new FormatException($"{where}: {key} {address} is not in range {subnet}, which goes from {subnet.First} to {subnet.Last}");
    }
}
