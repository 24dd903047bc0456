using Ipam.Core.Addresses;
using Ipam.Core.Allocation;

namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>One address wanted, of the first of the ranges that has room, or the one requested.</summary>
internal sealed record SlowEntry(SlowRange[] Ranges, Address? Requested = null)
{
    public AllocationEntry Real => new([.. Ranges.Select(static range => range.Real)], Requested);

    public override string ToString() =>
        string.Join('|', Ranges.Select(static range => range.Bounds)) + (Requested is { } address ? $" requesting {address}" : "");
}
