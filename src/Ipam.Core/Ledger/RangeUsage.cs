using Ipam.Core.Addresses;

namespace Ipam.Core.Ledger;

/// <summary>How full a range is.</summary>
/// <param name="Space">The address space.</param>
/// <param name="Range">First and last allocatable address.</param>
/// <param name="Size">Addresses that can be handed out, held or not.</param>
/// <param name="Held">How many of them are held.</param>
/// <param name="SetAside">How many of them are in damaged blocks.</param>
public sealed record RangeUsage(string Space, AddressRange Range, UInt128 Size, long Held, long SetAside);
