using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>What a node remembers of its earlier runs.</summary>
/// <param name="FormerNames">Names that the node had before, under which the store may still have blocks of it.</param>
/// <param name="FormerLeases">
/// The leases that the node handed out under those names. Others under the same names are another machine's, which has the name now.
/// </param>
/// <param name="Blocks">Blocks with leases of the node, as the store once confirmed them. Of a machine that was started anew since: none.</param>
public sealed record NodeMemory(IReadOnlyList<string> FormerNames, IReadOnlySet<LeaseToken> FormerLeases, IReadOnlyList<Block> Blocks)
{
    /// <summary>Of a node that never ran before.</summary>
    public static NodeMemory Nothing { get; } = new([], new HashSet<LeaseToken>(), []);
}
