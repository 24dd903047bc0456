using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.Http;
using Ipam.Service.Notices;
using Ipam.Service.Options;
using Ipam.Service.Pools;

namespace Ipam.Service.Hosting;

/// <summary>An ipamd that serves no node: it stands for election, and does the work for the whole cluster while it leads.</summary>
internal sealed class ControllerRole : IRole
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often the store's past is looked at. What is written before guards itself: by the past that is expected, and by sequences.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StoreTimeout = new AllocatorOptions().StoreTimeout;

    private readonly Surroundings _around;
    private readonly PoolCatalogSource _catalogs;
    private readonly ReleasePostings _releases;
    private readonly LeaderWork _work;
    private readonly PoolStatusReporter _pools;
    private readonly StorePing _ping;
    private readonly PageRouter _pages;
    private StorePast? _past;
    private long _lookedAt;
    private long? _pingedAt;

    /// <summary>One that does nothing yet.</summary>
    /// <exception cref="OptionException">There is nothing to lead.</exception>
    public ControllerRole(Surroundings around)
    {
        var (options, store, time, metrics) = (around.Options, around.Store, around.Time, around.Metrics);
        if (!store.IsSharedByNodes)
            throw new OptionException($"role controller: {store.Description} is the store of one machine, whose ipamd does all that there is to do; leave --role out");
        _around = around;
        _catalogs = new PoolCatalogSource(store, static () => null, around.Health, StoreTimeout, time);
        _ping = new StorePing(store, around.Health, StoreTimeout, time);
        _releases = new ReleasePostings(store, _catalogs.GetAsync, time, around.Log);
        _work = new LeaderWork(options, store, _releases, metrics, time, around.Log);
        _pools = new PoolStatusReporter(store, _catalogs, () => _work.IsLeading, new Postings(store, time), time);
        _pages = new PageRouter(new HealthEndpoint(store, around.Readiness, around.Health), new MetricsEndpoint(metrics, around.Readiness, around.Health, _pools));
    }

    /// <inheritdoc/>
    public Task ServeAsync(HttpContext http) => _pages.ServeAsync(http);

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken stopping) => _around.Opening.OpenAsync(static _ => Task.CompletedTask, stopping);

    /// <inheritdoc/>
    public Task StandAsync(CancellationToken cancellationToken) => _work.StandAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, _around.Time);
        while (true)
        {
            await _around.Background.TryAsync(TurnAsync, stopping);
            await timer.WaitForNextTickAsync(stopping);
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        await _work.CloseAsync();
        await _releases.CloseAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task TurnAsync(CancellationToken stopping)
    {
        await PingAsync(stopping);
        if (_work.IsLeading)
            await WatchPastAsync(stopping);
        _releases.Turn(stopping);
        _work.Turn(stopping);
        await _pools.TurnAsync(stopping);
    }

    /// <summary>Of one that doesn't lead, nothing else shows that the store is away; and of none, that one that was away serves again.</summary>
    private async Task PingAsync(CancellationToken stopping)
    {
        var now = _around.Time.GetTimestamp();
        if (_pingedAt is { } last && _around.Time.GetElapsedTime(last, now) < BetweenPings)
            return;
        _pingedAt = now;
        try
        {
            await _ping.EnsureAsync(stopping);
        }
        catch (StoreException e)
        {
            // The log says it by what can't be done.
            _around.Health.Failed(e.Message, isCommit: false);
        }
    }

    /// <summary>
    /// After a loss the nodes assert their leases again. What was found out of them before is forgotten: the time that it takes to find out anew is more than
    /// they need.
    /// </summary>
    private async Task WatchPastAsync(CancellationToken stopping)
    {
        var now = _around.Time.GetTimestamp();
        if (_past is not null && _around.Time.GetElapsedTime(_lookedAt, now) < BetweenLooks)
            return;
        var past = await StoreCall.WithTimeoutAsync(_around.Store.Description, StoreTimeout, _around.Time, _around.Store.Past.ReadAsync, stopping);
        if (_past?.IsKeptBy(past) == false)
        {
            Log.LeaderBeginsAnew(_around.Log, _around.Store.Description);
            await _work.BeginAnewAsync();
            _catalogs.Forget();
        }
        _around.Store.Past.Expect(past);
        (_past, _lookedAt) = (past, now);
    }
}
