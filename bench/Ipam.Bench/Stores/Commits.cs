namespace Ipam.Bench.Stores;

/// <summary>What nodes have written so far.</summary>
/// <param name="Blocks">Blocks in commits.</param>
/// <param name="Conflicts">Those of them that another node had changed meanwhile.</param>
internal readonly record struct Commits(double Blocks, double Conflicts)
{
    /// <summary>Conflicts, in per cent of the writes.</summary>
    public double Share => 100 * Conflicts / Blocks;

    public static Commits operator -(Commits later, Commits earlier) => new(later.Blocks - earlier.Blocks, later.Conflicts - earlier.Conflicts);
}
