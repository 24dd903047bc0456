using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.Http;
using Ipam.Service.Metrics;
using Ipam.Service.Options;

namespace Ipam.Service.Hosting;

/// <summary>What every role is given.</summary>
/// <param name="Options">What the service is told.</param>
/// <param name="Store">Where addresses are kept.</param>
/// <param name="Time">The clock.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Readiness">Is told whether the store is open.</param>
/// <param name="Health">Is told how the store does.</param>
/// <param name="Background">Does what nobody waits for.</param>
/// <param name="Log">The log.</param>
internal sealed record Surroundings(
    ServiceOptions Options, IIpamStore Store, TimeProvider Time, ServiceMetrics Metrics, Readiness Readiness, StoreHealth Health, BackgroundWork Background, ILogger Log)
{
    /// <summary>Opens the store.</summary>
    public StoreOpening Opening => new(Store, Readiness, Health, Time, Log);
}
