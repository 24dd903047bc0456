using Ipam.Service.Health;

namespace Ipam.Service.Hosting;

/// <summary>Work that no caller waits for: what fails is logged, and doesn't keep the rest from being done.</summary>
internal sealed class BackgroundWork(ILogger log)
{
    /// <summary>Does a piece of it. Throws only if the service is told to stop.</summary>
    public async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            await work(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Nobody waits for this work, and containers can do without it for a while. They can't do without ipamd.
            Log.MaintenanceFailed(log, FaultText.Of(e));
        }
    }

    /// <summary>
    /// Waits for work that should end now, and no longer than so long: a stop is promised to end. Returns whether the work has ended. What is left unfinished is
    /// as safe as over a crash.
    /// </summary>
    public async Task<bool> LeaveAsync(Task work, TimeSpan patience)
    {
        if (await Task.WhenAny(work, Task.Delay(patience)) == work)
            return true;
        Log.LeftUnfinished(log, patience.TotalSeconds);
        return false;
    }
}
