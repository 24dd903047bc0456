using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Access;
using Ipam.Stores.Kubernetes.Blocks;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.History;
using Ipam.Stores.Kubernetes.Identity;
using Ipam.Stores.Kubernetes.IpamClaims;
using Ipam.Stores.Kubernetes.Leadership;
using Ipam.Stores.Kubernetes.Nodes;
using Ipam.Stores.Kubernetes.Notices;
using Ipam.Stores.Kubernetes.Permissions;
using Ipam.Stores.Kubernetes.Pools;

namespace Ipam.Stores.Kubernetes;

/// <summary>
/// A store in the Kubernetes API: an IPBlock per block, with the resourceVersion as its version. Changes of a commit are each for itself,
/// one request per block, several at a time. A node lists what matters to it by labels; nobody watches blocks. What is committed is in
/// etcd. A write whose outcome is unknown is never repeated but ends in <see cref="StoreException"/>.
/// </summary>
public sealed class KubernetesStore : IIpamStore
{
    private const string FallbackNamespace = "ipamsuite";

    private readonly KubernetesUrl _url;
    private readonly KubernetesStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<ClusterAccess, IKubernetesClient> _connect;
    private readonly BlockObjects _blocks;
    private readonly KubernetesPools _pools;
    private IKubernetesClient? _client;
    private string? _namespace;
    private bool _isDisposed;

    /// <summary>A store in the API server that <paramref name="url"/> leads to; nothing is touched until <see cref="OpenAsync"/>.</summary>
    internal KubernetesStore(KubernetesUrl url, TimeProvider time, KubernetesStoreOptions? options = null)
    {
        (_url, _time, _options) = (url, time, options ?? new KubernetesStoreOptions());
        var interruptions = new Interruptions(time);
        _connect = access => new HttpKubernetesClient(access, interruptions, _options.RequestTimeout, _options.ConnectTimeout, _options.WatchDuration, _time);
        _pools = new KubernetesPools(() => Client, _options.ObjectsPerPage, _options.WatchPatience, time);
        var pasts = new ClusterPasts(() => Client, interruptions, () => Namespace, token => _blocks!.ReadRevisionAsync(token), _pools.Forget, time);
        Past = pasts;
        Leaders = new LeaderLeases(() => Client, () => Namespace);
        Nodes = new ClusterNodes(() => Client, pasts, () => Namespace, RenewNodeEvery, _options.ObjectsPerPage, time);
        NodeHistories = new NodeHistories(() => Client, () => Namespace, Nodes, time);
        _blocks = new BlockObjects(() => Client, pasts, new BlockLimits(_options.ObjectsPerPage, _options.BlocksPerPage, _options.MostAtOnce), _options.EndsAreNoted, time);
        NodeFacts = new NodeFactsReader(() => Client);
        Trends = new PoolTrends(() => Client, () => Namespace, _options.ObjectsPerPage, time);
        Sticky = new ComparedNotes(new NamedNotes(() => Client, () => Namespace, _options.ObjectsPerPage, time, "sticky", "ipamsuite.dev/sticky", "ipamsuite.dev/addresses"));
        Quotas = new ComparedNotes(new NamedNotes(() => Client, () => Namespace, _options.ObjectsPerPage, time, "quota", "ipamsuite.dev/quota", "ipamsuite.dev/shares"));
        PodFacts = new PodFactsReader(() => Client);
        IpamClaims = new IpamClaimObjects(() => Client);
        PoolStatuses = new PoolStatus(() => Client);
        PoolGuard = _pools.GuardBy(() => Client);
        Notices = new ClusterEvents(() => Client, _pools.UidOf, time);
        Cluster = new Cluster(() => Client, _options.ObjectsPerPage, _options.PodsPerPage);
        Permissions = new ClusterPermissions(() => Client, () => Namespace);
        Viewers = new ClusterViewers(() => Client);
        Objects = new ClusterObjects(() => Client, _options.ObjectsPerPage);
    }

    /// <inheritdoc/>
    public string Description => _url.ToString();

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [];

    /// <inheritdoc/>
    public IPoolStore Pools => _pools;

    /// <inheritdoc/>
    public bool IsSharedByNodes => true;

    /// <inheritdoc/>
    public bool HasOwnerIndex => false;

    /// <inheritdoc/>
    public IStorePasts Past { get; }

    /// <inheritdoc/>
    public ILeaderRecords Leaders { get; }

    /// <inheritdoc/>
    public INodeRegistry Nodes { get; }

    /// <inheritdoc/>
    public ITrendStore Trends { get; }

    /// <inheritdoc/>
    public INodeHistories? NodeHistories { get; }

    /// <inheritdoc/>
    public INamedTexts Sticky { get; }

    /// <inheritdoc/>
    public INamedTexts Quotas { get; }

    /// <inheritdoc/>
    public INodeFacts? NodeFacts { get; }

    /// <inheritdoc/>
    public IPodFacts? PodFacts { get; }

    /// <inheritdoc/>
    public IIpamClaims? IpamClaims { get; }

    /// <inheritdoc/>
    public IPoolStatusStore? PoolStatuses { get; }

    /// <inheritdoc/>
    public IPoolGuard? PoolGuard { get; }

    /// <inheritdoc/>
    public INoticeBoard? Notices { get; }

    /// <inheritdoc/>
    public ICluster? Cluster { get; }

    /// <inheritdoc/>
    public IPermissions? Permissions { get; }

    /// <inheritdoc/>
    public IViewers? Viewers { get; }

    /// <inheritdoc/>
    public IClusterObjects? Objects { get; }

    private TimeSpan RenewNodeEvery => _url.RenewSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _options.RenewNodeEvery;

    private string Namespace => _namespace ?? throw NotOpen();

    private IKubernetesClient Client
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _client ?? throw NotOpen();
        }
    }

    /// <summary>Reads the access to the API server, and whether the definitions and the permissions to read are there.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var access = _url.ReadAccess(Environment.GetEnvironmentVariable, _time);
        var client = _connect(access);
        try
        {
            foreach (var kind in (Resource[])[BlockKind.Instance, CatalogKinds.Pools, CatalogKinds.Reservations])
                await client.ProbeAsync(kind, cancellationToken);
        }
        catch
        {
            client.Dispose();
            throw;
        }
        _client?.Dispose();
        _client = client;
        _namespace = _url.Namespace ?? _options.Namespace ?? access.Namespace ?? FallbackNamespace;
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => Client.ProbeAsync(BlockKind.Instance, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) => _blocks.ListSpacesAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, CancellationToken cancellationToken) =>
        _blocks.ListAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken) =>
        _blocks.ListSummariesAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        _blocks.ReadAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) =>
        _blocks.FindLeasesAsync(owner, node, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken) =>
        _blocks.CommitAsync(changes, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        await _pools.DisposeAsync();
        _isDisposed = true;
        _blocks.Dispose();
        _client?.Dispose();
    }

    private InvalidOperationException NotOpen() => new InvalidOperationException($"the store {Description} is not open; call OpenAsync first");
}
