using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.Http;

namespace Ipam.Service.Hosting;

/// <summary>Opens the store, however long that takes, and says how it goes.</summary>
internal sealed class StoreOpening(IIpamStore store, Readiness readiness, StoreHealth health, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(15);

    /// <summary>Opens it. Throws <see cref="StoreException"/> if trying again can't help.</summary>
    /// <param name="begin">What else has to be done before the service is ready; is tried again with the rest.</param>
    /// <param name="stopping">The service is told to stop.</param>
    public async Task OpenAsync(Func<CancellationToken, Task> begin, CancellationToken stopping)
    {
        for (var delay = FirstRetry; ; delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, LongestRetry.Ticks)))
        {
            try
            {
                var start = time.GetTimestamp();
                await store.OpenAsync(stopping);
                await begin(stopping);
                health.Served();
                readiness.Ready();
                foreach (var warning in store.Warnings)
                    Log.StoreWarning(log, store.Description, warning);
                Log.StoreOpened(log, store.Description, (long)time.GetElapsedTime(start).TotalMilliseconds);
                return;
            }
            catch (Exception e) when (e is not (StoreException { IsPermanent: true } or OperationCanceledException))
            {
                var reason = FaultText.Of(e);
                readiness.NotReady(reason);
                health.Failed(reason, isCommit: false);
                Log.StoreNotOpened(log, delay, reason);
                await Task.Delay(delay, time, stopping);
            }
        }
    }
}
