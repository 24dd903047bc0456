using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>What became of a commit.</summary>
/// <param name="Blocks">How many blocks it was to change.</param>
/// <param name="Conflicts">How many of these were changed by somebody else.</param>
/// <param name="Duration">How long the store took.</param>
/// <param name="Conflicted">The blocks that plans were made on and that are not as these took them to be.</param>
/// <param name="Ended">The leases that ended.</param>
internal sealed record CommitReport(int Blocks, int Conflicts, TimeSpan Duration, HashSet<BlockId> Conflicted, List<EndedLease> Ended);
