using System.Collections.Concurrent;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// The looks into the store that run beside the allocator's loop. In each space one listing and one read of blocks is under way at most: those who need
/// the same wait for the same. Members are called by the loop only.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="ledger">The memory.</param>
/// <param name="intake">Takes what they bring.</param>
/// <param name="durable">Is told when memory has learned something.</param>
/// <param name="options">The node, and the longest wait for one call.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Called, from any thread, when a look is back.</param>
internal sealed class LedgerLooks(
    IIpamStore store, AddressLedger ledger, LedgerIntake intake, DurableBlocks durable, LookOptions options, TimeProvider time, Action wake)
{
    /// <summary>
    /// How often at most the damaged blocks of others are read again when the node's own blocks are revalidated. All nodes know them, so that it must not be
    /// often.
    /// </summary>
    private static readonly TimeSpan OthersDamagedEvery = TimeSpan.FromMinutes(5);

    /// <summary>How soon what others have is looked at again, if the look after the start failed.</summary>
    private static readonly TimeSpan AllAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Look> _listings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Look> _reads = new(StringComparer.Ordinal);

    /// <summary>The reads that begin when those under way in their space are back.</summary>
    private readonly Dictionary<string, Look> _nextReads = new(StringComparer.Ordinal);

    private readonly ConcurrentQueue<Look> _back = new();
    private Look? _own;
    private Look? _all;
    private long? _allBegunAt;
    private long _othersReadAt = time.GetTimestamp();

    /// <summary>A listing of a space's blocks: the one under way, or a new one.</summary>
    public Look AtSpace(string space)
    {
        if (!_listings.TryGetValue(space, out var look))
            Start(_listings[space] = look = new Look(space) { ListsAll = ledger.Damaged.HasNameless });
        return look;
    }

    /// <summary>A read of these blocks, of one space, that begins now or later.</summary>
    public Look AtBlocks(IReadOnlyCollection<BlockId> blocks)
    {
        var space = blocks.First().Space;
        if (!_nextReads.TryGetValue(space, out var look))
            _nextReads[space] = look = new Look(readsFor: space);
        look.Blocks.UnionWith(blocks);
        return look;
    }

    /// <summary>A listing of the blocks that matter to the node: the one under way, or a new one.</summary>
    public Look AtOwn()
    {
        if (_own is null)
            Start(_own = new Look(isOwn: true));
        return _own;
    }

    /// <summary>
    /// Begins the reads that were asked for, unless another one of their space is under way; and the look at what others have, if memory was loaded without.
    /// </summary>
    public void Begin()
    {
        if (ledger.IsPartial && _all is null && (_allBegunAt is not { } at || time.GetElapsedTime(at) >= AllAgainAfter))
        {
            _allBegunAt = time.GetTimestamp();
            Start(_all = new Look(isAll: true));
        }
        if (_nextReads.Count == 0)
            return;
        foreach (var (space, look) in _nextReads.ToArray())
        {
            if (_reads.ContainsKey(space))
                continue;
            _nextReads.Remove(space);
            Start(_reads[space] = look);
        }
    }

    /// <summary>Takes into memory what has come back. There must be no proposed changes.</summary>
    /// <exception cref="StoreException">The store lost data.</exception>
    public void TakeBack()
    {
        var isNews = false;
        while (_back.TryDequeue(out var look))
        {
            if (!IsUnderWay(look))
                continue;
            isNews = true;
            if (look.Fault is null)
                Take(look);
            if (look.IsOver || look.Fault is not null)
                End(look);
        }
        if (isNews)
            durable.Flush();
    }

    /// <summary>Forgets all looks. Nobody may wait for one.</summary>
    public void Drop()
    {
        if (_own is not null)
            End(_own);
        if (_all is not null)
            End(_all);
        _allBegunAt = null;
        foreach (var look in _listings.Values.Concat(_reads.Values).ToArray())
            End(look);
        _nextReads.Clear();
    }

    private void Take(Look look)
    {
        if (look.Listed is { } listed)
        {
            look.GoOn(look.IsOwn ? intake.TakeOwn(look, listed, MustReadOthers()) : intake.TakeAll(look, listed));
            if (look.Blocks.Count > 0)
            {
                Start(look);
                return;
            }
        }
        else
        {
            intake.Take(look, look.Read!);
        }
        if (look.Space is { } name)
            ledger.Space(name).LookedAt = time.GetTimestamp();
        if (look.IsAll)
            ledger.IsPartial = false;
        look.IsOver = true;
    }

    private bool MustReadOthers()
    {
        if (time.GetElapsedTime(_othersReadAt) < OthersDamagedEvery)
            return false;
        _othersReadAt = time.GetTimestamp();
        return true;
    }

    private void Start(Look look)
    {
        intake.Begin(look);
        _ = RunAsync(look);
    }

    private async Task RunAsync(Look look)
    {
        try
        {
            if (look.IsListing)
                look.Listed = await CallAsync(token => store.ListSummariesAsync(look.Filter(options.Node), token));
            else
                look.Read = await CallAsync(token => store.ReadBlocksAsync(look.Blocks, token));
        }
        catch (Exception e)
        {
            look.Fault = e;
        }
        _back.Enqueue(look);
        wake();
    }

    private bool IsUnderWay(Look look) => look == _own || look == _all || _listings.ContainsValue(look) || _reads.ContainsValue(look);

    private void End(Look look)
    {
        intake.End(look);
        if (look.IsOwn)
            _own = null;
        else if (look.IsAll)
            _all = null;
        else if (look.Space is { } space)
            _listings.Remove(space);
        else
            _reads.Remove(look.ReadsFor!);
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call) =>
        StoreCall.WithTimeoutAsync(store.Description, options.StoreTimeout, time, call, CancellationToken.None);
}

/// <summary>What <see cref="LedgerLooks"/> have to know.</summary>
/// <param name="Node">The node.</param>
/// <param name="StoreTimeout">The longest wait for one call of the store.</param>
internal sealed record LookOptions(string Node, TimeSpan StoreTimeout);
