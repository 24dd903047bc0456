using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Explanations;

/// <summary>A range of a configuration, and why it is used or isn't.</summary>
/// <param name="Set">Which range set it is of, from 0.</param>
/// <param name="Range">The range.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Reserved">How many of the addresses between its first and its last one are reserved.</param>
/// <param name="Next">The address that would be handed out from it next; null if it has none, or isn't for the one who asks.</param>
/// <param name="IsUsed">Whether an ADD would take the address from it.</param>
/// <param name="Why">Why, in a sentence.</param>
public sealed record RangeRow(int Set, AllocationRange Range, RangeStanding Standing, UInt128 Reserved, Address? Next, bool IsUsed, string Why)
{
    /// <summary>The next address, in words.</summary>
    public string NextText => Next is not { } next ? "" : Range.Policy.Order == AllocationOrder.Random ? "any (order random)" : next.ToString();
}
