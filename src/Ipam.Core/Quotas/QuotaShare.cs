using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Quotas;

/// <summary>
/// A node's share of one quota. It is never less than what the node holds and what it has promised to those who ask, and nobody else changes it while the node is there. Safe for use by several
/// threads at once.
/// </summary>
/// <param name="key">Which quota.</param>
/// <param name="allocator">Knows what the node holds.</param>
/// <param name="notes">Have the shares of all nodes.</param>
/// <param name="options">The node, and the longest wait for what it holds.</param>
/// <param name="time">The clock.</param>
internal sealed class QuotaShare(QuotaKey key, Allocator allocator, QuotaNotes notes, AllocatorOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How long a look at the shares of all is reason enough to refuse: so many wishes a second can't make more looks.</summary>
    private static readonly TimeSpan VerdictAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private List<Wish> _wishes = [];
    private QuotaScope? _scope;
    private readonly Dictionary<Owner, int> _promised = [];
    private long? _share;
    private int _users;
    private volatile bool _isExact;

    /// <summary>Whether a write may be on its way whose caller gave up: it finds another text than it expects only if something is written.</summary>
    private bool _mayArrive;
    private (long At, QuotaVerdict Verdict)? _refused;

    /// <summary>Which quota.</summary>
    public QuotaKey Key => key;

    /// <summary>Whether the share is what the node holds, as far as anybody noticed.</summary>
    public bool IsExact => _isExact;

    /// <summary>Whether it may be forgotten. To be asked where nobody can enter at the same time.</summary>
    public bool IsNothing => _users == 0 && _isExact && _share == 0;

    /// <summary>Somebody uses it, until he leaves.</summary>
    public void Enter() => Interlocked.Increment(ref _users);

    /// <summary>He needs it no more.</summary>
    public void Leave() => Interlocked.Decrement(ref _users);

    /// <summary>The node holds another number of addresses than before.</summary>
    public void Changed()
    {
        _isExact = false;
        lock (_lock)
            _refused = null;
    }

    /// <summary>A promise was kept, or is needed no more.</summary>
    /// <param name="owner">To whom.</param>
    /// <param name="count">How much was promised.</param>
    /// <param name="isAllUsed">Whether so many addresses more are held now.</param>
    public void Return(Owner owner, int count, bool isAllUsed)
    {
        lock (_lock)
        {
            var left = _promised.GetValueOrDefault(owner) - count;
            if (left > 0)
                _promised[owner] = left;
            else
                _promised.Remove(owner);
        }
        if (!isAllUsed && count > 0)
            Changed();
    }

    /// <summary>Takes a larger share, for one who asks. Those who ask at the same time share a write.</summary>
    /// <param name="scope">The pool.</param>
    /// <param name="owner">Who asks.</param>
    /// <param name="count">How much he wants.</param>
    /// <param name="isHeld">Whether that is held already, on another node: then it is his, whatever the quota.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<QuotaVerdict> TakeAsync(QuotaScope scope, Owner owner, int count, bool isHeld, CancellationToken cancellationToken)
    {
        var limit = scope.Pool.QuotaOf(key.Namespace) ?? long.MaxValue;
        var wish = new Wish(owner, count, isHeld);
        lock (_lock)
        {
            if (!isHeld && _refused is { } refused && refused.Verdict.Limit == limit && time.GetElapsedTime(refused.At) < VerdictAge)
                return refused.Verdict with { Count = count };
            _wishes.Add(wish);
        }
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (!wish.IsAnswered)
                    await GrantAsync(scope, limit);
            }
            finally
            {
                _turn.Release();
            }
            return wish.Verdict ?? throw wish.Fault!;
        }
        catch
        {
            Withdraw(wish);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Makes the share what the node holds; if nobody has counted that yet, because who asked went away before, it stays as it is.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public Task SettleAsync(CancellationToken cancellationToken) => _scope is { } scope ? RecountAsync(scope, cancellationToken) : Task.CompletedTask;

    /// <summary>The same, of the pool as it is now; null for one that has no such quota any more.</summary>
    public async Task RecountAsync(QuotaScope? scope, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var share = await CountAsync(scope);
            await WriteAsync(shares => shares.Of(options.Node) == share && !_mayArrive ? null : shares.With(options.Node, share));
            _share = share;
        }
        catch (Exception e)
        {
            // What can't be read is looked at again when somebody wants some of it, or with the next sweep.
            (_share, _isExact) = (null, e is StoreException { IsPermanent: true });
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task GrantAsync(QuotaScope scope, long limit)
    {
        List<Wish> wishes;
        lock (_lock)
            (wishes, _wishes) = (_wishes, []);
        try
        {
            var isCounted = _share is null || scope.Pool.Version != _scope?.Pool.Version;
            if (isCounted)
                _share = await CountAsync(scope);
            await GrantAsync(wishes, limit);
            // Who has leases that ended a moment ago has room.
            if (!isCounted && wishes.Exists(static wish => wish.Verdict is { IsGranted: false }))
            {
                _share = await CountAsync(scope);
                await GrantAsync(wishes, limit);
            }
            // Only by the last look: where the first one found no room, there may be some since.
            lock (_lock)
                _refused = wishes.Find(wish => wish.Verdict is { IsGranted: false } verdict && verdict.Total >= limit) is { Verdict: { } full } ? (time.GetTimestamp(), full) : null;
        }
        catch (Exception e)
        {
            (_share, _isExact) = (null, false);
            foreach (var wish in wishes.Where(static wish => wish.Verdict is null))
                wish.Fault = e as StoreException ?? new StoreException($"who holds how much of quota {key} can't be said: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Grants those of the wishes that there is room for, in their order.</summary>
    private async Task GrantAsync(List<Wish> wishes, long limit)
    {
        var own = _share!.Value;
        List<(Wish Wish, QuotaVerdict Verdict)> verdicts = [];
        await WriteAsync(shares =>
        {
            verdicts.Clear();
            var total = shares.Total - shares.Of(options.Node) + own;
            var next = own;
            foreach (var wish in wishes.Where(static wish => wish.Verdict is not { IsGranted: true }))
            {
                var verdict = QuotaVerdict.Of(wish.Count, limit, total);
                if (wish.IsHeld)
                    verdict = verdict with { IsGranted = true };
                verdicts.Add((wish, verdict));
                if (verdict.IsGranted)
                    (total, next) = (total + wish.Count, next + wish.Count);
            }
            // A promise is written also where the note says as much already: a share that is lowered at the same time, by us a moment ago or by who takes us for gone, must not arrive after it.
            return next == shares.Of(options.Node) && next == own && !_mayArrive ? null : shares.With(options.Node, next);
        });
        lock (_lock)
        {
            foreach (var (wish, verdict) in verdicts)
            {
                wish.Verdict = verdict;
                if (verdict.IsGranted)
                    Promise(wish);
            }
        }
    }

    private async Task WriteAsync(Func<QuotaShares, QuotaShares?> change)
    {
        try
        {
            _mayArrive &= !await notes.ChangeAsync(key, change);
        }
        catch
        {
            _mayArrive = true;
            throw;
        }
    }

    private void Promise(Wish wish)
    {
        _share += wish.Count;
        if (wish.IsWithdrawn)
            _isExact = false;
        else
            _promised[wish.Owner] = _promised.GetValueOrDefault(wish.Owner) + wish.Count;
    }

    /// <summary>One who wished for something went away, whether or not he was promised it.</summary>
    private void Withdraw(Wish wish)
    {
        bool isGranted;
        lock (_lock)
        {
            _wishes.Remove(wish);
            wish.IsWithdrawn = true;
            isGranted = wish.Verdict is { IsGranted: true };
        }
        if (isGranted)
            Return(wish.Owner, wish.Count, isAllUsed: false);
    }

    /// <summary>What the node holds and has promised. Promises are looked at first: one that is kept meanwhile is counted once, with its owner's leases, and none not at all.</summary>
    private async Task<long> CountAsync(QuotaScope? scope)
    {
        (_scope, _isExact) = (scope, true);
        Dictionary<Owner, int> counts;
        lock (_lock)
            counts = new Dictionary<Owner, int>(_promised);
        if (scope is null)
            return counts.Values.Sum();
        var held = await notes.AskAsync(_ => allocator.ListAllAsync(lease => lease.Node == options.Node && scope.QuotaOf(lease) == key, CancellationToken.None));
        foreach (var (owner, count) in held.CountBy(static lease => lease.Owner))
            counts[owner] = Math.Max(count, counts.GetValueOrDefault(owner));
        return counts.Values.Sum();
    }

    private sealed class Wish(Owner owner, int count, bool isHeld)
    {
        public Owner Owner => owner;

        public int Count => count;

        public bool IsHeld => isHeld;

        public QuotaVerdict? Verdict { get; set; }

        /// <summary>Why there is no verdict.</summary>
        public StoreException? Fault { get; set; }

        /// <summary>Whether nobody waits for it any more.</summary>
        public bool IsWithdrawn { get; set; }

        public bool IsAnswered => Verdict is not null || Fault is not null;
    }
}
