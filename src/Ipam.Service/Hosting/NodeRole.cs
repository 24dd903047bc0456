using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Quotas;
using Ipam.Core.Recovery;
using Ipam.Service.Configuration;
using Ipam.Service.Health;
using Ipam.Service.Http;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;
using Ipam.Service.Notices;
using Ipam.Service.Options;
using Ipam.Service.Pools;
using Ipam.Service.Reconciliation;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Sticky;
using Ipam.Service.Verbs;

namespace Ipam.Service.Hosting;

/// <summary>An ipamd that serves the containers of its node, and may work for the whole cluster beside that.</summary>
internal sealed class NodeRole : IRole
{
    private static readonly TimeSpan AllocatorPatience = TimeSpan.FromSeconds(8);

    private readonly BackgroundWork _background;
    private readonly Allocator _allocator;
    private readonly QuotaBook _quotas;
    private readonly MirrorFile _mirror;
    private readonly LeaderWork? _leader;
    private readonly Housekeeping _housekeeping;
    private readonly HistoryEndpoint? _history;
    private readonly Router _router;

    /// <summary>One that does nothing yet.</summary>
    public NodeRole(Surroundings around)
    {
        var (options, store, time, metrics, readiness, health, background, log) = around;
        _background = background;
        _mirror = new MirrorFile(options.Spool, options.Node, log);
        var allocatorOptions = new AllocatorOptions { Node = options.Node };
        var claims = new IpamClaimStatuses(store, () => _allocator!, time);
        _allocator = new Allocator(store, allocatorOptions, time, new Random(), new AllocatorObserver(metrics, health, Ended, log), _mirror);
        _quotas = new QuotaBook(_allocator, store, allocatorOptions, time);
        var node = new NodeIdentity(options.Node, NodeLabelsText.Parse(options.NodeLabels));
        var catalogs = new PoolCatalogSource(store, () => _allocator.Obstacle, health, allocatorOptions.StoreTimeout, time);
        var ranges = new RangeSetSource(catalogs, new PodLookup(store.PodFacts, time), node, RangeSetResolver.UsualAffinity(store));
        var adds = new RecentAdds(time);
        var files = new FlatFiles(FlatFiles.UsualPaths, time);
        var strays = new StrayLeases(store, ranges, files);
        var spooled = new SpooledReleases(new SpoolFolder(options.Spool), _allocator, strays, adds, _mirror, time, log);
        var namespaces = new MachineNamespaces(MonotonicMoment.ThisBoot());
        var stickies = new StickyAddresses(_allocator, store, _mirror, namespaces, time);
        var owners = new StickyOwners(store.PodFacts, store.IpamClaims);
        var verbs = new VerbTable(
            add: new AddVerb(_allocator, _quotas, stickies, owners, claims, ranges, spooled, adds, namespaces, new FormerSandboxes(_mirror, namespaces), new IgnoredKeys(log), options.Node),
            del: new DelVerb(_allocator, strays, adds),
            check: new CheckVerb(_allocator, stickies, owners, ranges, namespaces),
            status: new StatusVerb(_allocator, ranges, new StorePing(store, health, allocatorOptions.StoreTimeout, time), health),
            gc: new GcVerb(_allocator, store, adds, _mirror, namespaces, options.RequestTimeout * 0.6, time));
        var postings = new Postings(store, time);
        var releases = new ReleasePostings(store, catalogs.GetAsync, time, log);
        var mayLead = options.Role == ServiceRole.All && LeaderWork.IsThere(options, store);
        _leader = mayLead ? new LeaderWork(options, store, releases, metrics, time, log) : null;
        var pools = new PoolStatusReporter(store, catalogs, () => !store.IsSharedByNodes || _leader?.IsLeading == true, postings, time);
        _history = options.ServeHistory is null ? null : new HistoryEndpoint(store.History!, store.Viewers!, time);
        _router = new Router(
            new VerbEndpoint(new RequestReader(new ConfigurationCache(files), files, time), verbs, readiness, spooled, metrics, options, time, log),
            new PageRouter(new HealthEndpoint(store, readiness, health), new MetricsEndpoint(metrics, readiness, health, pools, _allocator, spooled)),
            _history, options.ServeHistory?.Port);
        var judge = new NodeJudge(_allocator, new NamespaceSource(namespaces, time), _mirror, adds, options.GcGrace, releases, metrics, time, log);
        var expiry = new LeaseExpiry(_allocator, store, lease => _mirror.Names.Contains(lease.Node), time, new Random());
        _housekeeping = new Housekeeping(
            store, around.Opening, _allocator, Guard, _mirror, spooled, judge, expiry, claims, _quotas, catalogs, _leader, pools, node, postings, releases, health, background, time, log);

        void Ended(IReadOnlyList<EndedLease> leases)
        {
            claims.Ended(leases);
            _quotas!.Ended(leases);
        }

        // Who this is, the mirror knows once it is loaded.
        StoreGuard Guard(string instance) => new(
            store, _allocator,
            new StoreGuardOptions { Node = options.Node, Instance = instance, Host = Environment.MachineName, TakesOver = options.TakeOver, HistoryAt = options.ServeHistory?.ToString() ?? "" },
            new GuardObserver(_mirror, catalogs, readiness, metrics, log), time);
    }

    /// <inheritdoc/>
    public Task ServeAsync(HttpContext http) => _router.ServeAsync(http);

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken stopping) => _housekeeping.OpenAsync(stopping);

    /// <inheritdoc/>
    public Task StandAsync(CancellationToken cancellationToken) => _leader?.StandAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) => _housekeeping.RunAsync(stopping);

    /// <inheritdoc/>
    public Task CloseAsync() => _housekeeping.CloseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _background.LeaveAsync(_allocator.DisposeAsync().AsTask(), AllocatorPatience);
        _quotas.Dispose();
        _history?.Dispose();
        _mirror.Dispose();
    }
}
