using Ipam.Core.Addresses;

namespace Ipam.Core.Administration;

/// <summary>What is in use of an address space in one family.</summary>
/// <param name="Space">The space.</param>
/// <param name="Family">The family.</param>
/// <param name="Blocks">Blocks in the store.</param>
/// <param name="Held">Addresses held in them.</param>
public sealed record SpaceUsage(string Space, IpFamily Family, long Blocks, long Held);
