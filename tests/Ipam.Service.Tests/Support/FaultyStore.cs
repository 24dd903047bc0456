using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>A store that can be broken, or made to hang, and mended.</summary>
internal sealed class FaultyStore(IIpamStore inner, CallsUnderWay underWay) : IIpamStore
{
    private readonly Lock _lock = new();
    private Exception? _fault;
    private bool _isCommitsOnly;
    private TaskCompletionSource? _hanging;
    private int _missing;
    private int _calls;
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FaultyStore(IIpamStore inner) : this(inner, new CallsUnderWay())
    {
    }

    public string Description => inner.Description;

    public IReadOnlyList<string> Warnings => inner.Warnings;

    public IPoolStore Pools => new FaultyPools(inner.Pools, PassAsync);

    public bool IsSharedByNodes { get; set; } = inner.IsSharedByNodes;

    /// <summary>How often it was called for something, its past not counted.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Without one it looks for leases only in the blocks that matter to the node that asks, as Kubernetes does.</summary>
    public bool HasOwnerIndex { get; set; } = inner.HasOwnerIndex;

    public IStorePasts Past => Pasts;

    /// <summary>Calls about its past, its nodes and its leader.</summary>
    public CallsUnderWay UnderWay => underWay;

    public CountedPasts Pasts { get; } = new(inner.Past, underWay);

    public ILeaderRecords Leaders { get; } = new CountedLeaders(inner.Leaders, underWay);

    public ITrendStore Trends => inner.Trends;

    public ILeaseHistory? History => inner.History;

    public INamedTexts Sticky => inner.Sticky;

    public INamedTexts Quotas => inner.Quotas;

    public INodeRegistry Nodes { get; } = new CountedNodes(inner.Nodes, underWay);

    public INodeFacts? NodeFacts => inner.NodeFacts;

    /// <summary>The pods that it knows; may be set, as if it belonged to a cluster.</summary>
    public IPodFacts? PodFacts { get; set; } = inner.PodFacts;

    /// <summary>The claims that it knows; may be set.</summary>
    public IIpamClaims? IpamClaims { get; set; } = inner.IpamClaims;

    /// <summary>The cluster that it belongs to; may be set.</summary>
    public ICluster? Cluster { get; set; } = inner.Cluster;

    public IPoolStatusStore? PoolStatuses => inner.PoolStatuses;

    public IPoolGuard? PoolGuard => inner.PoolGuard;

    public INoticeBoard? Notices => inner.Notices;

    /// <summary>Called when a commit is done, and before anybody is told; what it throws is all that he gets.</summary>
    public Action? Committed { get; set; }

    /// <summary>From now on every call fails.</summary>
    public void Break(string message, bool isPermanent = false) => Set(new StoreException(message) { IsPermanent = isPermanent }, null);

    /// <summary>From now on every call fails in a way that no store fails in.</summary>
    public void Break(Exception fault) => Set(fault, null);

    /// <summary>From now on nothing can be written.</summary>
    public void BreakCommits(string message)
    {
        Set(new StoreException(message), null);
        _isCommitsOnly = true;
    }

    /// <summary>From now on every call waits. The task completes when so many do.</summary>
    public Task Hang(int calls = 1)
    {
        Set(null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _missing = calls;
            return (_waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Calls go through again, those that wait included.</summary>
    public void Mend() => Set(null, null);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        await inner.OpenAsync(cancellationToken);
    }

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        await inner.PingAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await inner.ListSpacesAsync(cancellationToken);
    }

    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        await foreach (var page in inner.ListBlocksAsync(filter, cancellationToken))
            yield return page;
    }

    public async Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await inner.ListSummariesAsync(filter, cancellationToken);
    }

    public async Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await inner.ReadBlocksAsync(ids, cancellationToken);
    }

    public async Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        if (HasOwnerIndex || node is null)
            return await inner.FindLeasesAsync(owner, node, cancellationToken);
        var leases = new List<Lease>();
        await foreach (var page in inner.ListBlocksAsync(new BlockFilter(Node: node), cancellationToken))
            leases.AddRange(page.SelectMany(static block => block.Leases).Where(lease => lease.Owner == owner));
        return new Found<Lease>(leases);
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        await PassAsync(isCommit: true, cancellationToken);
        var results = await inner.CommitAsync(changes, cancellationToken);
        Committed?.Invoke();
        return results;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Set(Exception? fault, TaskCompletionSource? hanging)
    {
        _isCommitsOnly = false;
        lock (_lock)
        {
            (_fault, var before) = (fault, _hanging);
            _hanging = hanging;
            before?.TrySetResult();
        }
    }

    private Task PassAsync(CancellationToken cancellationToken) => PassAsync(isCommit: false, cancellationToken);

    private async Task PassAsync(bool isCommit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        Task? hanging;
        lock (_lock)
        {
            if (_fault is StoreException fault && (isCommit || !_isCommitsOnly))
                throw new StoreException(fault.Message) { IsPermanent = fault.IsPermanent };
            if (_fault is not (null or StoreException))
                throw _fault;
            hanging = _hanging?.Task;
            if (hanging is not null && --_missing == 0)
                _waiting.SetResult();
        }
        if (hanging is not null)
            await hanging.WaitAsync(cancellationToken);
    }
}
