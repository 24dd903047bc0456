using Ipam.Core.Leadership;
using Ipam.Service.Metrics;

namespace Ipam.Service.Hosting;

/// <summary>Passes what happens in an election on to the metrics and the log.</summary>
internal sealed class CandidateObserver(ServiceMetrics metrics, ILogger log) : ICandidateObserver
{
    public void Leads()
    {
        metrics.Leads(true);
        Log.Leads(log);
    }

    public void LeadsNoLonger(string leader)
    {
        metrics.Leads(false);
        Log.LeadsNoLonger(log, leader.Length == 0 ? "nobody yet" : leader);
    }

    public void Failed(string reason) => Log.ElectionFailed(log, reason);
}
