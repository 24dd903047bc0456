namespace Ipam.Core.Administration;

/// <summary>What a store lacks of an export, and has beside it.</summary>
/// <param name="MissingBlocks">Blocks of the export that the store doesn't have.</param>
/// <param name="MissingLeases">Leases in those blocks.</param>
/// <param name="MissingEntries">Pools and reservations of the export that the store doesn't have.</param>
/// <param name="Differences">What the store has and the export doesn't, or has otherwise: the first few, a sentence each without its full stop.</param>
/// <param name="DifferenceCount">How many there are.</param>
public sealed record RestoreComparison(long MissingBlocks, long MissingLeases, long MissingEntries, IReadOnlyList<string> Differences, long DifferenceCount)
{
    /// <summary>Whether the store has nothing but what the export has, as the export has it.</summary>
    public bool Fits => DifferenceCount == 0;

    /// <summary>Whether the store has what the export has, and nothing else.</summary>
    public bool IsComplete => Fits && MissingBlocks == 0 && MissingEntries == 0;
}
