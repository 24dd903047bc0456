using System.Threading.Channels;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>
/// The only place that changes the ledger. It plans all waiting operations, commits them together, answers those that are durable, and plans
/// the others again.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    /// <summary>
    /// Before this attempt the node revalidates all blocks. A node that conflicted over another node's block may be among many such blocks.
    /// Without this step it would learn only one of them with each attempt.
    /// </summary>
    private const int FirstFullRevalidation = 4;

    private readonly IIpamStore _store;
    private readonly AllocatorOptions _options;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly IAllocatorObserver? _observer;
    private readonly AddressLedger _ledger;
    private readonly DurableBlocks _durable;
    private readonly LedgerSync _sync;
    private readonly AllocationPlanner _planner;
    private readonly Channel<Operation> _queue = Channel.CreateUnbounded<Operation>(new() { SingleReader = true });

    /// <summary>Leases of requests that were answered with a fault although the store may have them. They are to be given back.</summary>
    private readonly List<Lease> _unanswered = [];

    private IReadOnlyList<string> _formerNames = [];
    private volatile StoreException? _obstacle;
    private Task _running = Task.CompletedTask;

    public CommitLoop(IIpamStore store, AllocatorOptions options, TimeProvider time, Random random, IAllocatorObserver? observer, ILeaseMirror? mirror)
    {
        _store = store;
        _options = options;
        _time = time;
        _random = random;
        _observer = observer;
        _ledger = new AddressLedger(options.Node, time);
        var sequences = new Sequences();
        _durable = new DurableBlocks(options.Node, mirror);
        _sync = new LedgerSync(store, _ledger, _durable, sequences, options.Node, time, options.StoreTimeout);
        _planner = new AllocationPlanner(_ledger, sequences, time, new FreeAddress(_ledger, options.Node, random));
    }

    /// <summary>Why nothing is handed out, and nothing released; null if it is.</summary>
    public StoreException? Obstacle => _obstacle;

    public async Task StartAsync(NodeMemory memory, CancellationToken cancellationToken)
    {
        _formerNames = memory.FormerNames;
        _durable.Remember(memory.Blocks, memory.FormerLeases);
        // Over a store that lost data nothing must be learned before what was lost is asserted.
        if (_obstacle is null)
            await LoadAsync(cancellationToken);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public void Enqueue(Operation operation)
    {
        if (!_queue.Writer.TryWrite(operation))
            Refuse(operation);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        // Something is left only if the loop never ran.
        while (_queue.Reader.TryRead(out var operation))
            Refuse(operation);
    }

    /// <summary>From now on everything is refused with this fault, until memory is loaded anew.</summary>
    public void Hold(StoreException obstacle) => _obstacle = obstacle;

    private static void Refuse(Operation operation) => operation.Fail(new StoreException("the allocator is shutting down; try again"));

    private async Task RunAsync()
    {
        var batch = new List<Operation>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out var operation))
                batch.Add(operation);
            await ProcessAsync(batch);
        }
    }

    private async Task ProcessAsync(List<Operation> pending)
    {
        try
        {
            await RepairAsync(pending);
            if (_obstacle is { } obstacle)
                throw obstacle;
            HashSet<BlockId> conflicted = [];
            for (var attempt = 0; pending.Count > 0; attempt++)
            {
                if (attempt == _options.MaxAttempts)
                    throw new StoreException($"gave up after {attempt} attempts: others keep changing the same blocks in {_store.Description}; try again");
                await ConflictPause.BeforeAsync(attempt, _random, _time, CancellationToken.None);
                if (attempt >= FirstFullRevalidation && int.IsPow2(attempt))
                    await _sync.RevalidateAllAsync(static _ => false);
                // Others may have changed the blocks again during the pause.
                var changed = ConflictPause.IsBefore(attempt) ? conflicted : [];
                await _sync.RereadAsync(pending.OfType<RereadOperation>().SelectMany(static operation => operation.Blocks).Concat(changed));
                Plan(pending);
                conflicted = await CommitAsync(pending);
                if (pending.Exists(static operation => operation.NeedsRevalidation))
                    await RevalidateAsync(pending);
            }
        }
        catch (Exception e)
        {
            if (e is StoreException { IsLoss: true } loss && _obstacle is null)
                Hold(loss);
            Abandon(pending, e);
        }
        ReportDamage();
    }

    private void ReportDamage()
    {
        foreach (var (block, isDamaged) in _ledger.Damaged.TakeNews())
        {
            if (isDamaged)
                _observer?.SetAside(block);
            else
                _observer?.Returned(block);
        }
    }

    private async Task RepairAsync(List<Operation> pending)
    {
        foreach (var repair in pending.OfType<RepairOperation>().ToArray())
        {
            pending.Remove(repair);
            try
            {
                await repair.RunAsync(this);
            }
            catch (Exception e)
            {
                repair.Fail(e);
            }
        }
    }

    /// <summary>
    /// Asserts the leases of this node in the store, which has this past from now on. No batch is under way that was planned over another one.
    /// </summary>
    public async Task<ReassertionReport> AssertAsync(StorePast past, CancellationToken cancellationToken)
    {
        _store.Past.Expect(past);
        var reassertion = new Reassertion(_store, _durable, _options.Node, _time, _options.StoreTimeout, _random);
        // What nobody was told of must not stand in the way of what somebody was told of.
        await reassertion.EndAsync(_unanswered, cancellationToken);
        _unanswered.Clear();
        return await reassertion.RunAsync(cancellationToken);
    }

    /// <summary>Loads memory anew, and goes on if the store still has this past then.</summary>
    public async Task ReloadAsync(StorePast past, CancellationToken cancellationToken)
    {
        await _durable.RelearnAsync(
            async () =>
            {
                await _sync.LoadAsync(_formerNames, cancellationToken);
                if (!past.IsKeptBy(await _store.Past.ReadAsync(cancellationToken)))
                    throw new StoreException($"{_store.Description} lost data again while memory was loaded") { IsLoss = true };
            },
            _ledger.Damaged.Ids.Contains);
        _obstacle = null;
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _sync.LoadAsync(_formerNames, cancellationToken);
            _durable.Flush();
        }
        catch (StoreException e) when (e.IsLoss)
        {
            Hold(e);
        }
    }

    private void Plan(List<Operation> pending)
    {
        _ledger.EndCooldowns();
        foreach (var lease in _unanswered)
        {
            if (_ledger.Holds(lease))
                _ledger.GiveBack(lease);
        }
        pending.RemoveAll(static operation => operation.IsAbandoned);
        foreach (var operation in pending)
            operation.PlanAgain(_ledger, _planner);
    }

    /// <summary>Commits the proposed changes, and answers the operations that need nothing more. Returns the blocks in conflict.</summary>
    private async Task<HashSet<BlockId>> CommitAsync(List<Operation> pending)
    {
        if (_obstacle is { } obstacle)
            throw obstacle;
        var report = await _sync.CommitAsync();
        var conflicted = report.Conflicted;
        if (report.Blocks > 0)
            _observer?.Committed(pending.Count, report.Blocks, report.Conflicts, report.Duration);
        if (report.Ended.Count > 0)
            _observer?.Ended(report.Ended);
        _unanswered.RemoveAll(lease => !conflicted.Contains(BlockId.Of(lease.Space, lease.Address)));
        await _sync.ConfirmAsync(pending.SelectMany(static operation => operation.ReliesOn), conflicted);
        Answer(pending, conflicted);
        if (report.Clashes.Count > 0)
            await RefuseClashesAsync(pending, report.Clashes);
        return conflicted;
    }

    /// <summary>
    /// The store refused leases because of some that their owners hold in damaged blocks. Memory can't know those: without this, they would be
    /// planned again and again, and what shares their commits with them.
    /// </summary>
    private async Task RefuseClashesAsync(List<Operation> pending, HashSet<BlockId> clashes)
    {
        foreach (var operation in pending.OfType<AllocateOperation>())
        {
            if (operation.ReliesOn.Exists(block => clashes.Contains(block.Id)) && await _sync.FindDamageAsync(operation.Owner) is { } damage)
                operation.Refuse(damage);
        }
    }

    /// <summary>
    /// Answers what is durable. An owner's requests are answered in the order in which they came. Otherwise a release that must be planned again
    /// could end a lease that the owner got meanwhile. Leases of an owner's failed request are given back first.
    /// </summary>
    private void Answer(List<Operation> pending, HashSet<BlockId> conflicted)
    {
        var waiting = _unanswered.Count == 0 ? null : _unanswered.Select(static lease => lease.Owner).ToHashSet();
        pending.RemoveAll(operation =>
        {
            if (IsSettled(operation, conflicted) && (operation.Owner is null || waiting?.Contains(operation.Owner) != true))
            {
                operation.Complete();
                return true;
            }
            if (operation.Owner is not null)
                (waiting ??= []).Add(operation.Owner);
            return false;
        });
    }

    private static bool IsSettled(Operation operation, HashSet<BlockId> conflicted)
    {
        if (operation.NeedsRevalidation)
            return operation.IsRevalidated && conflicted.Count == 0;
        return conflicted.Count == 0 || !operation.ReliesOn.Exists(block => conflicted.Contains(block.Id));
    }

    private async Task RevalidateAsync(List<Operation> pending)
    {
        var inNeed = pending.FindAll(static operation => operation.NeedsRevalidation);
        var all = inNeed.Exists(static operation => !operation.RevalidatesOwnBlocksOnly);
        if (all)
            await _sync.RevalidateAllAsync(block => inNeed.Exists(operation => operation.Wants(block)));
        else
            await _sync.RevalidateOwnAsync();
        foreach (var operation in pending)
            operation.IsRevalidated |= all || operation.RevalidatesOwnBlocksOnly;
    }

    /// <summary>The store failed. Answers with the failure, and remembers the leases that may have been written, so that they are given back.</summary>
    private void Abandon(List<Operation> pending, Exception fault)
    {
        _sync.RevertProposals();
        _observer?.Failed(fault, _sync.IsUncertain);
        foreach (var operation in pending)
        {
            if (operation is AllocateOperation allocate)
                _unanswered.AddRange(allocate.Taken.Where(_sync.MayBeWritten));
            operation.Fail(fault);
        }
    }
}
