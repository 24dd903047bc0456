using System.Threading.Channels;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>
/// The only place that changes the ledger. It goes round by round: it plans all operations that are due, commits them together, and answers those that are
/// durable. What met a conflict, or needs to know more from the store, waits for a later round, and nobody waits for it.
/// </summary>
internal sealed partial class CommitLoop : IAsyncDisposable
{
    private readonly IIpamStore _store;
    private readonly AllocatorOptions _options;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly IAllocatorObserver? _observer;
    private readonly AddressLedger _ledger;
    private readonly DurableBlocks _durable;
    private readonly LedgerIntake _intake;
    private readonly LedgerSync _sync;
    private readonly LedgerLooks _looks;
    private readonly AllocationPlanner _planner;
    private readonly Channel<Operation> _queue = Channel.CreateUnbounded<Operation>(new() { SingleReader = true });

    /// <summary>Something may be to do: a request arrived, a look is back, a pause is over.</summary>
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly WaitingOperations _waiting = new();
    private readonly ContendedBlocks _contended;
    private readonly Settling _settling;

    /// <summary>Leases of requests that were answered with a fault although the store may have them. They are to be given back.</summary>
    private readonly List<Lease> _unanswered = [];

    private int _unansweredCount;
    private volatile int _wakeUps;
    private volatile StoreException? _obstacle;
    private volatile bool _hasDamage;
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
        _intake = new LedgerIntake(_ledger, _durable, options.Node, time);
        _sync = new LedgerSync(store, _ledger, _intake, _durable, sequences, options.Node, time, options.StoreTimeout);
        _looks = new LedgerLooks(store, _ledger, _intake, _durable, new LookOptions(options.Node, options.StoreTimeout), time, Wake);
        _planner = new AllocationPlanner(_ledger, sequences, time, new FreeAddress(_ledger, options.Node, random), options.VerdictAge);
        _contended = new ContendedBlocks(time);
        _settling = new Settling(store, options.StoreTimeout, time, Wake);
    }

    /// <summary>Why nothing is handed out, and nothing released; null if it is.</summary>
    public StoreException? Obstacle => _obstacle;

    /// <summary>Whether blocks that matter to the node are damaged. May be called by any thread.</summary>
    public bool HasDamage => _hasDamage;

    /// <summary>How full the ranges are. May be called by any thread.</summary>
    public IReadOnlyList<RangeUsage> Usage => [.. _ledger.Spaces.SelectMany(static space => space.Usage())];

    /// <summary>How much waits: requests for their answers, blocks for a cooldown to end. May be called by any thread.</summary>
    public QueueLengths Queues => new(Volatile.Read(ref _unansweredCount), _wakeUps);

    public async Task StartAsync(NodeMemory memory, CancellationToken cancellationToken)
    {
        _intake.FormerNames = memory.FormerNames;
        _durable.Remember(memory.Blocks, memory.FormerLeases);
        // Over a store that lost data nothing must be learned before what was lost is asserted.
        if (_obstacle is null)
            await LoadAsync(cancellationToken);
        // Who is told that it has started knows what is damaged.
        ReportDamage();
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public void Enqueue(Operation operation)
    {
        Interlocked.Increment(ref _unansweredCount);
        if (_queue.Writer.TryWrite(operation))
            Wake();
        else
            Refuse(operation);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        Wake();
        await _running;
        // Something is left only if the loop never ran.
        while (_queue.Reader.TryRead(out var operation))
            Refuse(operation);
    }

    /// <summary>From now on everything is refused with this fault, until memory is loaded anew.</summary>
    public void Hold(StoreException obstacle)
    {
        _obstacle = obstacle;
        Wake();
    }

    private static void Refuse(Operation operation) => operation.Fail(new StoreException("the allocator is shutting down; try again"));

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task RunAsync()
    {
        var round = new List<Operation>();
        while (true)
        {
            Accept();
            if (_obstacle is { } obstacle)
                Refuse(obstacle);
            else
                TakeLooks();
            await RepairAsync();
            _waiting.FindDue(_options.MaxBatch, MayHandOut(), round);
            if (round.Count > 0)
                await ProcessAsync(round);
            else if (_waiting.All.Count == 0 && _queue.Reader.Completion.IsCompleted)
                return;
            else
                await _wake.Reader.ReadAsync();
        }
    }

    private void Accept()
    {
        while (_queue.Reader.TryRead(out var operation))
        {
            (operation.ArrivedIn, operation.ArrivedAt) = (_intake.NextMoment(), _time.GetTimestamp());
            _waiting.Add(operation);
        }
        Interlocked.Add(ref _unansweredCount, -_waiting.RemoveAnswered());
        _wakeUps = _ledger.WakeUps.Count;
    }

    /// <summary>Memory takes what the looks at the store brought. Those who waited for one that failed are told.</summary>
    private void TakeLooks()
    {
        try
        {
            _looks.TakeBack();
            foreach (var fault in _waiting.All.Select(static operation => operation.Look?.Fault).OfType<Exception>().Distinct().ToArray())
                Abandon([.. _waiting.All.Where(operation => operation.Look?.Fault == fault)], fault);
            _looks.Begin();
        }
        catch (StoreException e) when (e.IsLoss)
        {
            Refuse(e);
        }
        catch (Exception e)
        {
            // Whatever it is, the loop goes on: without it nobody would be answered any more.
            _looks.Drop();
            Abandon([.. _waiting.All.Where(static operation => operation.Look is not null)], e);
        }
        ReportDamage();
    }

    private async Task ProcessAsync(List<Operation> round)
    {
        try
        {
            await _sync.RereadUncertainAsync();
            // The store may have been away just now. They are due again when they may be.
            if (!_settling.IsOver && round.Exists(static operation => operation is AllocateOperation))
                return;
            Plan(round);
            var outcome = await CommitAsync(round);
            var left = round.FindAll(static operation => !operation.IsAnswered);
            StepAside(left, outcome);
            Postpone(left, outcome);
        }
        catch (Exception e)
        {
            Abandon(round, e);
        }
        ReportDamage();
    }

    private bool MayHandOut()
    {
        try
        {
            return _obstacle is not null || _settling.IsOver || _settling.GoOn(_waiting.All.Any(static operation => operation is AllocateOperation));
        }
        catch (StoreException e) when (e.IsLoss)
        {
            Refuse(e);
        }
        catch (Exception e)
        {
            List<Operation> waiting = [.. _waiting.All.Where(static operation => operation is AllocateOperation)];
            if (waiting.Count > 0)
                Abandon(waiting, e);
        }
        return false;
    }

    private void ReportDamage()
    {
        _hasDamage = _ledger.Damaged.Count > 0 && _ledger.Damaged.Ids.Any(_intake.IsListedForNode);
        foreach (var (block, isDamaged) in _ledger.Damaged.TakeNews())
        {
            if (isDamaged)
                _observer?.SetAside(block);
            else
                _observer?.Returned(block);
        }
    }

    /// <summary>Answers all operations, except repairs, with a fault. If that is a loss, so are all that come, until memory is loaded anew.</summary>
    private void Refuse(StoreException obstacle)
    {
        if (_obstacle is null)
            Hold(obstacle);
        if (_waiting.All.Any(static operation => operation is not RepairOperation))
            Abandon([.. _waiting.All.Where(static operation => operation is not RepairOperation)], obstacle);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _sync.LoadAsync(_intake.FormerNames, cancellationToken);
            _durable.Flush();
        }
        catch (StoreException e) when (e.IsLoss)
        {
            Hold(e);
        }
    }

    private void Plan(List<Operation> round)
    {
        _ledger.EndCooldowns();
        foreach (var lease in _unanswered)
        {
            if (_ledger.FindWritten(lease) is { } written)
                _ledger.GiveBack(written);
        }
        foreach (var operation in round)
            operation.PlanAgain(_ledger, _planner);
    }

    /// <summary>
    /// Commits the proposed changes, and answers the operations that need nothing more. Blocks that others are changing at the same time go into a commit of their
    /// own behind the others: where a store writes all or nothing, a conflict over them is not to keep the others from being written.
    /// </summary>
    private async Task<RoundOutcome> CommitAsync(List<Operation> round)
    {
        var outcome = new RoundOutcome(_ledger);
        var contended = _contended.Among(_ledger.Dirty, round);
        if (contended.Count > 0)
            await CommitAsync(round, outcome, block => !contended.Contains(block.Id));
        if (contended.Count == 0 || _ledger.Dirty.Count > 0)
            await CommitAsync(round, outcome, static _ => true);
        return outcome;
    }

    private async Task CommitAsync(List<Operation> round, RoundOutcome outcome, Func<LedgerBlock, bool> meant)
    {
        if (_obstacle is { } obstacle)
            throw obstacle;
        var carried = round.Count(static operation => !operation.IsAnswered);
        var report = await _sync.CommitAsync(meant);
        outcome.Add(report);
        _contended.Learn(report);
        _unanswered.RemoveAll(lease => !outcome.IsUnwritten(BlockId.Of(lease.Space, lease.Address)));
        if (report.Blocks > 0)
            _observer?.Committed(carried, report.Blocks, report.Conflicts, report.Duration);
        if (report.Ended.Count > 0)
            _observer?.Ended(report.Ended);
        if (report.Placed.Count > 0)
            round.FindAll(static operation => !operation.IsAnswered).ForEach(operation => operation.FollowPlaced(report.Placed, _ledger));
        Answer(round, outcome);
        if (report.Clashes.Count > 0)
            await RefuseClashesAsync(round, report.Clashes);
    }

    /// <summary>
    /// The store refused leases because of some that their owners hold in damaged blocks. Memory can't know those: without this, they would be
    /// planned again and again, and what shares their commits with them.
    /// </summary>
    private async Task RefuseClashesAsync(List<Operation> round, HashSet<BlockId> clashes)
    {
        foreach (var operation in round.OfType<AllocateOperation>())
        {
            if (operation.ReliesOn.Exists(block => clashes.Contains(block.Id)) && await _sync.FindDamageAsync(operation.Owner) is { } damage)
                operation.Refuse(damage);
        }
    }

    /// <summary>
    /// Answers what is durable. An owner's requests are answered in the order in which they came. Otherwise a release that must be planned again
    /// could end a lease that the owner got meanwhile. Leases of an owner's failed request are given back first.
    /// </summary>
    private void Answer(List<Operation> round, RoundOutcome outcome)
    {
        var waiting = _unanswered.Count == 0 ? null : _unanswered.Select(static lease => lease.Owner).ToHashSet();
        foreach (var operation in round)
        {
            if (operation.IsAnswered)
                continue;
            if (outcome.Settles(operation) && (operation.Owner is null || waiting?.Contains(operation.Owner) != true))
            {
                operation.Complete();
                operation.IsAnswered = true;
            }
            else if (operation.Owner is not null)
            {
                (waiting ??= []).Add(operation.Owner);
            }
        }
    }

    /// <summary>Answers with a failure of the store, and remembers the leases that may have been written, so that they are given back.</summary>
    private void Abandon(List<Operation> operations, Exception fault)
    {
        if (fault is StoreException { IsLoss: true } loss && _obstacle is null)
            Hold(loss);
        _sync.RevertProposals();
        _observer?.Failed(fault, _sync.IsUncertain);
        foreach (var operation in operations.Where(static operation => !operation.IsAnswered))
        {
            if (operation is AllocateOperation allocate)
                _unanswered.AddRange(allocate.Taken.Where(_sync.MayBeWritten));
            operation.Fail(fault);
            operation.IsAnswered = true;
        }
    }
}
