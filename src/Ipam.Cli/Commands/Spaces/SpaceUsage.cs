using Ipam.Core.Addresses;

namespace Ipam.Cli.Commands.Spaces;

/// <summary>What is in use of an address space in one family.</summary>
/// <param name="Space">The space.</param>
/// <param name="Family">The family.</param>
/// <param name="Blocks">Blocks in the store.</param>
/// <param name="Held">Addresses held in them.</param>
internal sealed record SpaceUsage(string Space, IpFamily Family, long Blocks, long Held);
