using System.Globalization;
using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>The name of a reservation that is given none.</summary>
public static class ReservationName
{
    private const int Groups = 8;
    private const int BitsOfGroup = 16;

    /// <summary>The address in letters that a name may have: an IPv6 address with all its groups, since a name doesn't begin with '-'.</summary>
    public static string Of(Address first) => first.Family == IpFamily.V4
        ? first.ToString()
        : string.Join('-', Enumerable.Range(1, Groups).Select(group => Group(first, Groups - group)));

    private static string Group(Address address, int fromTheEnd) =>
        ((ushort)(address.Value >> (fromTheEnd * BitsOfGroup))).ToString("x", CultureInfo.InvariantCulture);
}
