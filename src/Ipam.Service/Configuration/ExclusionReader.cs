using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Addresses;

namespace Ipam.Service.Configuration;

/// <summary>Reads <c>exclude</c>: prefixes, single addresses, and <c>FIRST-LAST</c>.</summary>
internal static class ExclusionReader
{
    public static IEnumerable<AddressRange> Read(JsonElement json, string where)
    {
        foreach (var text in json.GetTexts("exclude") ?? [])
        {
            if (!AddressRange.TryParse(text, out var range))
            {
                throw InvalidConfiguration.Because(
                    $"{where}: exclude \"{text}\" is none of: an address, a prefix such as \"10.1.0.0/28\", a range such as \"10.1.0.5-10.1.0.9\"");
            }
            yield return range;
        }
    }
}
