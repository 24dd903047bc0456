using Ipam.Core.GarbageCollection;
using Ipam.Core.Pools;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Service.Health;

namespace Ipam.Service.Notices;

/// <summary>
/// Tells people of releases, beside all other work and all together, at most once a minute. The log has a line for each; this is a courtesy, which may fail. Safe for
/// use by several threads at once.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="readCatalog">Gives the pools.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told of failures.</param>
internal sealed class ReleasePostings(IIpamStore store, Func<CancellationToken, Task<PoolCatalog>> readCatalog, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Two passes' worth; of more than that nobody is told here.</summary>
    private const int Most = 2_000;

    private readonly ReleaseNotices _notices = new(store, "ipamd");
    private readonly Lock _lock = new();
    private List<LeakRelease> _waiting = [];
    private Task _posting = Task.CompletedTask;
    private long? _postedAt;

    /// <summary>Something was released.</summary>
    public void Add(IReadOnlyCollection<LeakRelease> releases)
    {
        if (store.Notices is null)
            return;
        lock (_lock)
            _waiting.AddRange(releases.Take(Most - _waiting.Count));
    }

    /// <summary>Begins to tell, if it is time and nothing is under way; to be called every second.</summary>
    public void Turn(CancellationToken stopping)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_waiting.Count == 0 || !_posting.IsCompleted || (_postedAt is { } at && time.GetElapsedTime(at, now) < Pause))
                return;
            (_posting, _waiting, _postedAt) = (PostAsync(_waiting, stopping), [], now);
        }
    }

    /// <summary>Completes when nothing is under way.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
            return _posting;
    }

    private async Task PostAsync(List<LeakRelease> releases, CancellationToken stopping)
    {
        // Not on the caller's thread: it holds the lock.
        await Task.Yield();
        try
        {
            await _notices.PostAsync(releases, await readCatalog(stopping), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The log has told of them.
        }
        catch (Exception e)
        {
            Log.MaintenanceFailed(log, FaultText.Of(e));
        }
    }
}
