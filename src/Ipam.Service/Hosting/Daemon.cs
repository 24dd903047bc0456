using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Leadership;
using Ipam.Core.Pools;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;
using Ipam.Service.Health;
using Ipam.Service.Http;
using Ipam.Service.Metrics;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;
using Ipam.Service.Notices;
using Ipam.Service.Options;
using Ipam.Service.Pools;
using Ipam.Service.Reconciliation;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Verbs;

namespace Ipam.Service.Hosting;

/// <summary>The composition root: makes the parts, starts and stops them in order.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    /// <summary>With the web server's own limit, and that of the store, these make less than what systemd grants (TimeoutStopSec=30).</summary>
    private static readonly TimeSpan HousekeepingPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AllocatorPatience = TimeSpan.FromSeconds(8);

    /// <summary>Every node stands for election, so they ask more seldom than a few controllers would.</summary>
    private static readonly CandidateOptions Election = new()
    {
        LeaseDuration = TimeSpan.FromSeconds(20),
        RenewDeadline = TimeSpan.FromSeconds(13),
        RetryPeriod = TimeSpan.FromSeconds(5),
        LongestPause = TimeSpan.FromMinutes(5),
    };

    private readonly ServiceOptions _options;
    private readonly IIpamStore _store;
    private readonly WebApplication _app;
    private readonly Allocator _allocator;
    private readonly Housekeeping _housekeeping;
    private readonly Candidate? _candidate;
    private readonly Readiness _readiness = new();
    private readonly MirrorFile _mirror;
    private readonly ILogger _log;
    private SocketGuard? _guard;

    /// <summary>A service that does nothing yet.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="store">Where addresses are kept; not yet open, and not disposed by the service.</param>
    /// <param name="time">The clock.</param>
    public Daemon(ServiceOptions options, IIpamStore store, TimeProvider time)
    {
        _options = options;
        _store = store;
        // The library's series take a while to be made: beside the web server, nobody waits for them.
        var series = Task.Run(static () => new ServiceMetrics());
        _app = Listener.Build(options);
        _log = _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ipamd");

        var metrics = series.GetAwaiter().GetResult();
        _mirror = new MirrorFile(options.Spool, options.Node, _log);
        var allocatorOptions = new AllocatorOptions { Node = options.Node };
        var health = new StoreHealth(time);
        _allocator = new Allocator(store, allocatorOptions, time, new Random(), new AllocatorObserver(metrics, health, _log), _mirror);
        var node = new NodeIdentity(options.Node, NodeLabelsText.Parse(options.NodeLabels));
        var catalogs = new PoolCatalogSource(store, () => _allocator.Obstacle, health, allocatorOptions.StoreTimeout, time);
        var ranges = new RangeSetSource(catalogs, node, store.IsSharedByNodes ? BlockAffinity.Node : BlockAffinity.None);
        var adds = new RecentAdds(time);
        var strays = new StrayLeases(store, ranges);
        var spooled = new SpooledReleases(new SpoolFolder(options.Spool), _allocator, strays, adds, _mirror, time, _log);
        var namespaces = new MachineNamespaces(MonotonicMoment.ThisBoot());
        var verbs = new VerbTable(
            add: new AddVerb(_allocator, ranges, spooled, adds, namespaces, options.Node),
            del: new DelVerb(_allocator, strays, adds),
            check: new CheckVerb(_allocator, ranges, namespaces),
            status: new StatusVerb(_allocator, ranges, new StorePing(store, health, allocatorOptions.StoreTimeout, time), health),
            gc: new GcVerb(_allocator, store, adds, _mirror, namespaces, options.RequestTimeout * 0.6, time));
        var router = new Router(
            new VerbEndpoint(new RequestReader(new ConfigurationCache(), time), verbs, _readiness, spooled, metrics, options, time, _log),
            new HealthEndpoint(store, _readiness, health),
            new MetricsEndpoint(metrics, _allocator, spooled, _readiness));
        _app.Run(router.ServeAsync);
        var postings = new Postings(store, time);
        // Who has nothing to do for others asks nobody whether it is to lead.
        var isCollecting = store.Cluster is not null || options.NodeGoneAfter is not null;
        _candidate = store.PoolStatuses is null && !isCollecting
            ? null
            : new Candidate(
                store.Leaders, LeaderRole.Controller, $"{options.Node}_{Guid.NewGuid():n}", Election, time, new Random(), new CandidateObserver(metrics, _log));
        var judge = new NodeJudge(_allocator, new NamespaceSource(namespaces, time), _mirror, adds, options.GcGrace, metrics, time, _log);
        var clusterJudge = new ClusterJudge(
            () => new LeakCollector(store, new CollectorOptions { By = options.Node, NodeGoneAfter = options.NodeGoneAfter }, time, new Random()),
            () => isCollecting && IsLeading(), metrics, time, _log);
        _housekeeping = new Housekeeping(
            store, _allocator, Guard, _mirror, spooled, judge, clusterJudge, node, new PoolStatusReporter(store, catalogs, IsLeading, postings), postings, _readiness, health, time, _log);

        bool IsLeading() => _candidate?.IsLeading == true;

        // Who this is, the mirror knows once it is loaded.
        StoreGuard Guard(string instance) => new(
            store, _allocator,
            new StoreGuardOptions { Node = options.Node, Instance = instance, Host = Environment.MachineName, TakesOver = options.TakeOver },
            new GuardObserver(_mirror, catalogs, _readiness, metrics, _log), time);
    }

    /// <summary>Completes once the store is open and requests are served.</summary>
    public Task WhenReady => _readiness.WhenReady;

    /// <summary>Listens. Throws <see cref="IOException"/> if the socket can't be had.</summary>
    public async Task StartAsync()
    {
        _guard = SocketGuard.Acquire(_options.Socket);
        try
        {
            await _app.StartAsync();
        }
        catch (OperationCanceledException) when (_app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It was told to stop before it had begun.
            return;
        }
        _guard.Restrict();
        if (_guard.Mended is { } mended)
            Log.SocketFolderMended(_log, mended);
        Log.Serving(_log, Version.Text, _options.Socket, _options.Node, _store.Description);
    }

    /// <summary>Opens the store and serves until SIGTERM, SIGINT or <see cref="Stop"/>. Throws <see cref="StoreException"/> if it can't.</summary>
    public async Task RunAsync()
    {
        var stopping = _app.Lifetime.ApplicationStopping;
        await using var closing = stopping.Register(_readiness.Close);
        var housekeeping = HousekeepAsync(stopping);
        var told = new TaskCompletionSource();
        await using (stopping.Register(told.SetResult))
            await Task.WhenAny(housekeeping, told.Task);
        if (await LeaveAsync(housekeeping, HousekeepingPatience))
            await housekeeping;
        Log.Stopping(_log);
        await _app.StopAsync();
        var farewell = _housekeeping.CloseAsync();
        if (await LeaveAsync(farewell, HousekeepingPatience))
            await farewell;
    }

    /// <summary>Makes <see cref="RunAsync"/> finish what is in flight and return.</summary>
    public void Stop() => _app.Lifetime.StopApplication();

    /// <summary>Lets go of everything but the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await LeaveAsync(_allocator.DisposeAsync().AsTask(), AllocatorPatience);
        _mirror.Dispose();
        _guard?.Dispose();
    }

    /// <summary>
    /// Waits for work that should end now, and no longer than so long: a stop is promised to end. Returns whether the work has ended. What is left unfinished is
    /// as safe as over a crash.
    /// </summary>
    private async Task<bool> LeaveAsync(Task work, TimeSpan patience)
    {
        if (await Task.WhenAny(work, Task.Delay(patience)) == work)
            return true;
        Log.LeftUnfinished(_log, patience.TotalSeconds);
        return false;
    }

    /// <summary>Returns when the service is told to stop.</summary>
    private async Task HousekeepAsync(CancellationToken stopping)
    {
        try
        {
            await _housekeeping.OpenAsync(stopping);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var election = _candidate?.RunAsync(end.Token) ?? Task.CompletedTask;
            try
            {
                await _housekeeping.RunAsync(stopping);
            }
            finally
            {
                // It gives up the lead, so that others needn't wait for the end of the term.
                await end.CancelAsync();
                await election;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // That is how it is told.
        }
    }
}
