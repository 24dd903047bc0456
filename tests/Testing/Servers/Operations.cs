namespace Testing.Servers;

/// <summary>What a store's server has been asked so far.</summary>
/// <param name="Writes">Redis: scripts, which is what commits are; Kubernetes: blocks created, replaced or deleted.</param>
/// <param name="Reads">Redis: GETs, those of scripts too; Kubernetes: blocks read, one by one or in lists.</param>
public readonly record struct Operations(double Writes, double Reads)
{
    public static Operations operator -(Operations later, Operations earlier) => new(later.Writes - earlier.Writes, later.Reads - earlier.Reads);
}
