using Ipam.Core.Ledger;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Service.Http;
using Ipam.Service.Metrics;
using Ipam.Service.Mirror;
using Ipam.Service.Pools;

namespace Ipam.Service.Hosting;

/// <summary>Passes what the guard of the store finds on to all whom it concerns.</summary>
internal sealed class GuardObserver(
    MirrorFile mirror, PoolCatalogSource catalogs, Readiness readiness, ServiceMetrics metrics, ILogger log) : IStoreGuardObserver
{
    public void Held(string reason)
    {
        Log.Held(log, reason);
        metrics.Held(true);
        readiness.Hold(reason);
    }

    public void Asserted(ReassertionReport report)
    {
        Log.LeasesAsserted(log, report.Asserted, report.Released, report.Conflicts.Count);
        metrics.Conflicted(report.Conflicts.Count);
        foreach (var (lost, found) in report.Conflicts)
            Log.LeaseConflict(log, lost.Address, lost.Space, lost.Owner, found?.Owner.ToString() ?? "a damaged block", found?.Node ?? "-");
    }

    public void Resumed()
    {
        Log.Resumed(log);
        metrics.Held(false);
        catalogs.Forget();
        readiness.Resume();
    }

    public void Saw(StorePast past) => mirror.Saw(past);
}
