using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Service.Health;
using Ipam.Service.Metrics;

namespace Ipam.Service.Hosting;

/// <summary>Passes what the allocator does on to the metrics, the log and others.</summary>
/// <param name="metrics">The metrics.</param>
/// <param name="health">Is told how the store does.</param>
/// <param name="ended">Are told of leases that ended: must be quick and not throw.</param>
/// <param name="log">The log.</param>
internal sealed class AllocatorObserver(ServiceMetrics metrics, StoreHealth health, Action<IReadOnlyList<EndedLease>> ended, ILogger log) : IAllocatorObserver
{
    public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
    {
        metrics.Committed(requests, blocks, conflicts, duration);
        health.Committed();
    }

    public void Failed(Exception fault, bool isUncertain)
    {
        metrics.Failed(isUncertain);
        health.Failed(fault.Message, isUncertain);
    }

    public void Ended(IReadOnlyList<EndedLease> leases)
    {
        ended(leases);
        foreach (var (lease, reason) in leases)
        {
            Log.LeaseEnded(log, lease.Address, lease.Space, lease.Owner, reason);
            switch (reason.Cause)
            {
                case ReleaseCause.Gc:
                    metrics.Released(ServiceMetrics.RuntimeList);
                    break;
                case ReleaseCause.InUse:
                    metrics.FoundInUse();
                    Log.AddressInUse(log, lease.Address, lease.Space, reason.Evidence, lease.Owner, Lease.ConflictLasts.TotalMinutes);
                    break;
                case ReleaseCause.Expiry:
                    Log.LeaseExpired(log, lease, reason.Evidence);
                    break;
            }
        }
    }

    public void SetAside(DamagedBlock block)
    {
        metrics.Damaged(1);
        Log.BlockSetAside(log, block.Why);
    }

    public void Returned(DamagedBlock block)
    {
        metrics.Damaged(-1);
        Log.BlockReturned(log, block.Id?.ToString() ?? block.Why);
    }
}
