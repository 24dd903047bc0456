using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;

namespace Ipam.Web.Reading;

/// <summary>
/// Looks for leaks and drift when somebody asks, one look at a time and not more often than every few minutes: it reads all of the store, and may have to watch nodes
/// for a while. Nothing is changed. Safe for use by several threads at once.
/// </summary>
internal sealed class StoreLook(IIpamStore store, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private LookState _state = new(null, "", "", IsUnderWay: false, store.Cluster is not null);
    private Task _looking = Task.CompletedTask;
    private long? _endedAt;

    /// <summary>What is known; a look begins if that is old.</summary>
    public LookState Ask()
    {
        lock (_lock)
        {
            if (!_state.IsUnderWay && !(_endedAt is { } at && time.GetElapsedTime(at) < Between))
            {
                _state = _state with { IsUnderWay = true };
                _looking = Task.Run(LookAsync);
            }
            return _state;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        var (report, failure) = ((CheckReport?)null, "");
        try
        {
            var check = new StoreCheck(store, new CollectorOptions { By = "ipam-web", Rest = CollectorOptions.UsualRest }, time, Random.Shared);
            report = await check.RunAsync(Waits, _end.Token);
        }
        catch (StoreException e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            failure = "it was ended";
        }
#pragma warning disable CA1031 // The edge of a look that nobody waits for: else the page would say for ever that it is under way.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = $"{e.GetType().Name}: {e.Message}";
        }
        lock (_lock)
        {
            _endedAt = time.GetTimestamp();
            _state = _state with { Report = report ?? _state.Report, Failure = failure, Waits = "", IsUnderWay = false };
        }
    }

    private void Waits(string why, TimeSpan most)
    {
        lock (_lock)
            _state = _state with { Waits = $"{why}, up to {most.TotalSeconds:0} s" };
    }
}

/// <summary>How far looks have come.</summary>
/// <param name="Report">What the last whole one found; null if there was none.</param>
/// <param name="Failure">Why the last one failed; empty if it didn't.</param>
/// <param name="Waits">What the one that is under way waits for; empty for nothing.</param>
/// <param name="IsUnderWay">Whether one is.</param>
/// <param name="LooksForLeaks">Whether anything can tell that an owner is gone.</param>
internal sealed record LookState(CheckReport? Report, string Failure, string Waits, bool IsUnderWay, bool LooksForLeaks);
