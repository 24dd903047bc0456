namespace Ipam.Core.Reconciliation;

/// <summary>Limits of a <see cref="Reconciler"/>.</summary>
public sealed record ReconcilerOptions
{
    /// <summary>The least time from the end of a source's first reading that says that an owner is gone to the begin of its last one.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A pass releases no larger share of the leases that it judges, unless <see cref="CapFloor"/> allows more.</summary>
    public double CapShare { get; init; } = 0.05;

    /// <summary>So many a pass may release however few leases there are.</summary>
    public int CapFloor { get; init; } = 1_000;

    /// <summary>How long a list that has shrunk to less than half must stay as short before it is believed. One that is empty never is.</summary>
    public TimeSpan BelieveShrunkAfter { get; init; } = TimeSpan.FromMinutes(10);
}
