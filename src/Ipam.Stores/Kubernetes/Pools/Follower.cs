namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>Keeps a watch going, whatever happens, and knows for how long it has been broken.</summary>
/// <param name="follow">Follows changes until the watch ends; calls its argument when the watch is on.</param>
/// <param name="time">The clock.</param>
internal sealed class Follower(Func<Action, CancellationToken, Task> follow, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task? _running;
    private long _brokenSince = long.MinValue;

    /// <summary>Whether the watch has been broken for longer than <paramref name="patience"/>.</summary>
    public bool IsBrokenFor(TimeSpan patience) => Interlocked.Read(ref _brokenSince) is var since and not long.MaxValue
        && (since == long.MinValue || time.GetElapsedTime(since) > patience);

    /// <summary>Starts it; to be called once.</summary>
    public void Start() => _running = Task.Run(() => RunAsync(_stop.Token));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running)
            await running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await follow(
                    () =>
                    {
                        pause = FirstPause;
                        Interlocked.Exchange(ref _brokenSince, long.MaxValue);
                    },
                    cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it is: a watch that nobody keeps going would leave the pools as they are for ever. Those who ask for the revision see to it that the failure is told: they list, and that fails too.
                Interlocked.CompareExchange(ref _brokenSince, time.GetTimestamp(), long.MaxValue);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
