using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>A store in memory that can be made to fail in every way a real one does.</summary>
internal sealed class InMemoryStore(StoreMode mode, int seed = 1) : IIpamStore
{
    private readonly Lock _lock = new();
    private readonly List<LateWrite> _late = [];
    private readonly Dictionary<StoreAction, HeldCall> _held = [];
    private readonly Random _random = new(seed);
    private int _listings;
    private int _blocksRead;

    public StoreContent Content { get; } = new(mode);

    /// <summary>Decides what becomes of a call.</summary>
    public Func<StoreAction, StoreFault> Fault { get; set; } = static _ => StoreFault.None;

    /// <summary>Another writer; called before a call whose fault is <see cref="StoreFault.Meddle"/>.</summary>
    public Action Meddle { get; set; } = static () => { };

    /// <summary>Is told of every commit before it is carried out.</summary>
    public Action<IReadOnlyList<BlockChange>> Committing { get; set; } = static _ => { };

    /// <summary>What a commit waits for on its way to the store, and its answer on the way back; null for nothing.</summary>
    public Func<Task>? Travel { get; set; }

    /// <summary>What a read waits for after it has read, so that its answer is late; null for nothing.</summary>
    public Func<Task>? AfterRead { get; set; }

    /// <summary>What a listing of the blocks of all nodes waits for after it has read; null for nothing.</summary>
    public Func<Task>? AfterListing { get; set; }

    /// <summary>Asks nodes for their history; null if they can't be asked.</summary>
    public INodeHistories? NodeHistories { get; set; }

    /// <summary>The blocks that can't be read.</summary>
    public HashSet<BlockId> Damaged { get; } = [];

    /// <summary>Blocks that listings bring beside the others, as they never should.</summary>
    public List<Block> Stray { get; } = [];

    /// <summary>Whether their summaries can't be read either.</summary>
    public bool DamagesSummaries { get; set; } = true;

    /// <summary>How often summaries were listed.</summary>
    public int Listings => Volatile.Read(ref _listings);

    /// <summary>How many blocks were read whole, listings not counted.</summary>
    public int BlocksRead => Volatile.Read(ref _blocksRead);

    public string Description => "memory";

    public IReadOnlyList<string> Warnings => [];

    public IPoolStore Pools => Catalog;

    /// <summary>Its pools and reservations.</summary>
    public InMemoryPools Catalog { get; } = new();

    public bool IsSharedByNodes { get; set; }

    public bool HasOwnerIndex { get; set; } = true;

    /// <summary>Its past.</summary>
    public InMemoryPasts Pasts { get; } = new();

    public IStorePasts Past => Pasts;

    /// <summary>Its records of sticky owners.</summary>
    public InMemoryTexts StickyOwners { get; } = new();

    public INamedTexts Sticky => StickyOwners;

    public InMemoryTexts QuotaShares { get; } = new();

    public INamedTexts Quotas => QuotaShares;

    public ITrendStore Trends => throw new NotSupportedException();

    public INodeRegistry Nodes { get; init; } = new InMemoryNodes();

    public ICluster? Cluster { get; set; }

    public INoticeBoard? Notices { get; set; }

    public INodeFacts? NodeFacts => null;

    public IPoolStatusStore? PoolStatuses => null;

    public ILeaderRecords Leaders { get; } = new InMemoryLeaders();

    /// <summary>Makes the next call of a kind wait.</summary>
    public HeldCall Hold(StoreAction action)
    {
        lock (_lock)
            return _held[action] = new HeldCall();
    }

    /// <summary>Carries out what was to land late.</summary>
    public void LandAll() => Land(static _ => true);

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task PingAsync(CancellationToken cancellationToken) => ReadAsync(static () => true);

    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(() => [.. Content.Blocks.Select(static block => block.Id.Space).Distinct()]);

    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ReadAsync(() => Found([.. Content.Blocks.Where(filter.Matches), .. Stray]));
    }

    public async Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        var listed = await ReadAsync(() =>
        {
            Interlocked.Increment(ref _listings);
            var found = Found([.. Content.Blocks.Where(filter.Matches)]);
            return DamagesSummaries
                ? new Found<BlockSummary>([.. found.Select(static block => block.Summary)], found.Damaged)
                : new Found<BlockSummary>([.. Content.Blocks.Where(filter.Matches).Select(static block => block.Summary)]);
        });
        if (filter.Node is null && AfterListing is { } late)
            await late();
        return listed;
    }

    public Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        ReadAsync(() =>
        {
            Interlocked.Add(ref _blocksRead, ids.Count);
            return Found([.. ids.Select(Content.Find).OfType<Block>()]);
        });

    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) =>
        ReadAsync(() =>
        {
            var leases = Content.LeasesOf(owner);
            return new Found<Lease>(
                [.. leases.Where(lease => !Damaged.Contains(BlockId.Of(lease.Space, lease.Address)))],
                [.. leases.Select(static lease => BlockId.Of(lease.Space, lease.Address)).Where(Damaged.Contains).Distinct().Select(DamageOf)]);
        });

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        var held = Take(StoreAction.Commit);
        if (held is not null)
            await held.WaitAsync();
        var fault = await EnterAsync(StoreAction.Commit);
        if (Travel is { } there)
            await there();
        Committing(changes);
        Pasts.EnsureKept();
        if (fault is StoreFault.FailAfter)
            Content.CommitUntold(changes);
        if (fault is StoreFault.FailLate)
            Postpone(changes);
        if (fault is StoreFault.FailMixed)
            ScatterWrites(changes);
        if (fault is StoreFault.FailAfter or StoreFault.FailLate or StoreFault.FailMixed)
            throw new StoreException($"injected: {fault}");

        var results = WithDamage(changes, Content.Commit);
        held?.Done();
        if (Travel is { } back)
            await back();
        if (fault == StoreFault.Slow)
            await Task.Yield();
        return results;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DamagedBlock DamageOf(BlockId id) => new(id, $"block {id} is damaged");

    private Found<Block> Found(IReadOnlyCollection<Block> blocks) => new(
        [.. blocks.Where(block => !Damaged.Contains(block.Id))], [.. blocks.Select(static block => block.Id).Where(Damaged.Contains).Select(DamageOf)]);

    /// <summary>What a commit becomes that meets damaged blocks: those of its changes, and those in which owners hold what it gives again.</summary>
    private IReadOnlyList<CommitResult> WithDamage(IReadOnlyList<BlockChange> changes, Func<IReadOnlyList<BlockChange>, IReadOnlyList<CommitResult>> commit)
    {
        if (!changes.Any(change => Damaged.Contains(change.Block.Id)))
            return [.. commit(changes).Select(result => result.Status == CommitStatus.Conflict ? CommitResult.Conflict(Found(result.Current.Whole)) : result)];
        if (Content.Mode == StoreMode.AllOrNothing)
            return [.. changes.Select(change => Damaged.Contains(change.Block.Id) ? Meets(change) : CommitResult.Aborted)];
        return [.. changes.Select(change => Damaged.Contains(change.Block.Id) ? Meets(change) : commit([change])[0])];

        static CommitResult Meets(BlockChange change) => CommitResult.Conflict(new Found<Block>([], [DamageOf(change.Block.Id)]));
    }

    private async Task<T> ReadAsync<T>(Func<T> read)
    {
        var held = Take(StoreAction.Read);
        if (held is not null)
            await held.WaitAsync();
        var fault = await EnterAsync(StoreAction.Read);
        var result = read();
        held?.Done();
        if (AfterRead is { } late)
            await late();
        if (fault == StoreFault.Slow)
            await Task.Yield();
        return result;
    }

    private async Task<StoreFault> EnterAsync(StoreAction action)
    {
        Land(static late => --late.CallsLeft < 0);
        var fault = Fault(action);
        if (fault == StoreFault.Slow)
            await Task.Yield();
        if (fault == StoreFault.Meddle)
            Meddle();
        if (fault == StoreFault.FailBefore)
            throw new StoreException("injected: FailBefore");
        return fault;
    }

    private HeldCall? Take(StoreAction action)
    {
        lock (_lock)
            return _held.Remove(action, out var held) ? held : null;
    }

    private void ScatterWrites(IReadOnlyList<BlockChange> changes)
    {
        if (Content.Mode == StoreMode.AllOrNothing)
        {
            Postpone(changes);
            return;
        }
        foreach (var change in changes)
        {
            int when;
            lock (_lock)
                when = _random.Next(3);
            if (when == 0)
                Content.CommitUntold([change]);
            if (when == 1)
                Postpone([change]);
        }
    }

    private void Postpone(IReadOnlyList<BlockChange> changes)
    {
        lock (_lock)
            _late.Add(new LateWrite(changes) { CallsLeft = _random.Next(12) });
    }

    private void Land(Predicate<LateWrite> isDue)
    {
        List<LateWrite> due;
        lock (_lock)
        {
            due = _late.FindAll(isDue);
            _late.RemoveAll(due.Contains);
        }
        due.ForEach(late => Content.CommitUntold(late.Changes));
    }
}

/// <summary>A commit whose caller has given up, and which is still on its way.</summary>
internal sealed class LateWrite(IReadOnlyList<BlockChange> changes)
{
    public IReadOnlyList<BlockChange> Changes => changes;

    /// <summary>After how many calls of the store it arrives.</summary>
    public int CallsLeft { get; set; }
}
