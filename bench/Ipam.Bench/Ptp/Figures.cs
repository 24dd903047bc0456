namespace Ipam.Bench.Ptp;

/// <summary>What one plugin took for one configuration.</summary>
internal sealed class Figures
{
    public Samples Add { get; } = new();

    public Samples Del { get; } = new();
}
