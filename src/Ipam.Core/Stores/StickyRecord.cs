using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>Where the addresses of a sticky owner's interface are.</summary>
/// <param name="Space">Their space.</param>
/// <param name="Addresses">The addresses, in order.</param>
public sealed record StickyRecord(string Space, IReadOnlyList<Address> Addresses)
{
    /// <summary>The record of some leases, of which there must be one.</summary>
    public static StickyRecord Of(IEnumerable<Lease> leases)
    {
        var all = leases.ToArray();
        return new StickyRecord(all[0].Space, [.. all.Select(static lease => lease.Address).Distinct().Order()]);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null for what is none.</summary>
    public static StickyRecord? Parse(string? text)
    {
        if (text?.Split(' ') is not [var space, .. { Length: > 0 } rest])
            return null;
        var addresses = new Address[rest.Length];
        for (var i = 0; i < rest.Length; i++)
        {
            if (!Address.TryParse(rest[i], out addresses[i]))
                return null;
        }
        return new StickyRecord(space, addresses);
    }

    /// <summary>The record without an address; null if it was the only one.</summary>
    public StickyRecord? Without(Address address) => Addresses.Where(other => other != address).ToArray() is { Length: > 0 } left ? this with { Addresses = left } : null;

    /// <summary>Such as <c>default 10.1.0.7 fd00::7</c>.</summary>
    public override string ToString() => $"{Space} {string.Join(' ', Addresses)}";
}
