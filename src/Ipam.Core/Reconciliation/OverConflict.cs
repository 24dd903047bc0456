using Ipam.Core.Blocks;

namespace Ipam.Core.Reconciliation;

/// <summary>An address conflict whose time is over, as a release that needs no other evidence.</summary>
public static class OverConflict
{
    /// <summary>The release of its lease.</summary>
    public static LeakRelease Of(Lease lease)
    {
        var finding = $"{lease.Owner.ContainerId} answered for it at {lease.AcquiredAt:u}, and it was kept from everybody for {Lease.ConflictLasts.TotalMinutes} minutes";
        return new LeakRelease(lease, "address conflicts", Evidence.Decisive("conflict", finding), finding, TimeSpan.Zero);
    }
}
