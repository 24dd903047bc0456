using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Web.Pages;

/// <summary>
/// What somebody looks for among leases: addresses, or a part of the name of a pod, or the beginning of a container's id, or a node, or a network. Everything if it is empty.
/// </summary>
internal sealed class LeaseQuery
{
    private readonly string _text;
    private readonly AddressRange? _addresses;

    public LeaseQuery(string text) => (_text, _addresses) = (text, AddressRange.TryParse(text, out var addresses) ? addresses : null);

    /// <summary>The addresses that it names; null if it names none.</summary>
    public AddressRange? Addresses => _addresses;

    /// <summary>Whether it finds a lease.</summary>
    public bool Finds(Lease lease) =>
        _text.Length == 0
        || (_addresses is { } range
            ? range.Contains(lease.Address)
            : lease.Node == _text || lease.Owner.Network == _text || lease.Owner.ContainerId.StartsWith(_text, StringComparison.Ordinal)
                || lease.Pod?.ToString().Contains(_text, StringComparison.OrdinalIgnoreCase) == true
                || (!lease.Owner.IsContainer && lease.Owner.ContainerId.Contains(_text, StringComparison.OrdinalIgnoreCase)));
}
