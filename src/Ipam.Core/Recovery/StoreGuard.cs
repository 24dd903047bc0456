using Ipam.Core.Allocation;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Recovery;

/// <summary>
/// Sees to it that nothing is handed out over a store that lost its data, until all nodes have asserted their leases again. Also registers the
/// node, so that no second machine works under its name. Members are not to be called at the same time.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="allocator">The allocator over it.</param>
/// <param name="options">Who this is.</param>
/// <param name="observer">Is told what happens.</param>
/// <param name="time">The clock.</param>
public sealed class StoreGuard(IIpamStore store, Allocator allocator, StoreGuardOptions options, IStoreGuardObserver observer, TimeProvider time)
{
    private readonly NodeRegistration _registration = new(store, options, time);
    private StorePast? _past;
    private string? _mendingIn;
    private string? _assertedIn;
    private ReassertionReport? _contested;
    private long _assertedAt;
    private long _checkedAt;
    private long _checkedInterruptions;
    private string _told = "";

    /// <summary>Before the allocator starts: registers the node, and compares the store's past with what the node remembers.</summary>
    /// <param name="remembered">The past that an earlier run of the node saw last; null if there was none.</param>
    /// <param name="memory">What the node remembers beside it.</param>
    /// <param name="takingOver">Called before the node is registered, if another machine may have had its name since it had it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StoreException">The store failed, or another machine works under the node's name.</exception>
    public async Task StartAsync(StorePast? remembered, NodeMemory memory, Action takingOver, CancellationToken cancellationToken)
    {
        foreach (var block in memory.Blocks)
            store.Past.Remember(block.Id.Space, block.Version);
        var past = await CallAsync(store.Past.ReadAsync, cancellationToken);
        var isKept = remembered?.IsKeptBy(past) != false;
        await _registration.StartAsync(isKept ? past.Identity : "", takingOver, cancellationToken);
        _checkedAt = time.GetTimestamp();
        // A node that was not there before the loss could hand out what others have yet to assert.
        var isMended = remembered is not null || !_registration.SomebodyWaits(past.Identity);
        if (isKept && isMended)
        {
            store.Past.Expect(past);
            Keep(past);
            return;
        }
        _past = remembered ?? past;
        _mendingIn = isKept ? past.Identity : null;
        allocator.Hold(Lost(isKept ? "other nodes wait until all have asserted theirs" : Difference(remembered!, past)));
    }

    /// <summary>To be called about every second: renews the node's registration, looks at the store's past, and mends what was lost.</summary>
    /// <exception cref="StoreException">The store failed; to be called again.</exception>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (allocator.Obstacle is { IsLoss: false })
            return;
        if (allocator.Obstacle is null)
            await LookAsync(cancellationToken);
        if (allocator.Obstacle is { IsLoss: true } loss)
            await MendAsync(loss, cancellationToken);
    }

    /// <summary>Takes the node out of the registry: it stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _registration.StopAsync(cancellationToken);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // Others wait for this look before they hand anything out.
        var interruptions = store.Past.Interruptions;
        var mustCheck = interruptions != _checkedInterruptions || time.GetElapsedTime(_checkedAt) >= _registration.CheckEvery;
        var standing = NodeStanding.Ours;
        try
        {
            standing = await _registration.RenewAsync(_past!.Identity, RecoveryStep.Done, isMending: false, cancellationToken);
        }
        catch (StoreException e) when (e.IsLoss)
        {
            Hold(e);
            return;
        }
        if (!mustCheck && standing == NodeStanding.Ours && !_registration.MustList)
            return;
        _checkedAt = time.GetTimestamp();
        var past = await CallAsync(store.Past.ReadAsync, cancellationToken);
        _checkedInterruptions = interruptions;
        if (!_past!.IsKeptBy(past))
        {
            Hold(Lost(Difference(_past, past)));
            return;
        }
        // Only of a store that kept its past: one that was set back has entries of earlier runs.
        if (standing == NodeStanding.TakenOver)
        {
            Hold(new StoreException(_registration.DescribeOther()));
            return;
        }
        Keep(past);
        if (_registration.MustList)
            await _registration.ListAsync(cancellationToken);
    }

    private async Task MendAsync(StoreException loss, CancellationToken cancellationToken)
    {
        Tell(loss.Message);
        var past = await CallAsync(store.Past.ReadAsync, cancellationToken);
        var isOfOneBlock = loss.IsOfOneBlock && _mendingIn is null && _past!.IsKeptBy(past);
        if (!isOfOneBlock)
            past = await AgreeAsync(past, cancellationToken);
        if (_assertedIn != past.Identity || isOfOneBlock)
        {
            var report = await AssertAsync(past, isOfOneBlock, cancellationToken);
            if (isOfOneBlock && !report.IsOfOneBlock)
            {
                // More than one block: this is the store's loss, and the others are to notice as well.
                isOfOneBlock = false;
                past = await AgreeAsync(past, cancellationToken);
                await AssertAsync(past, isOfOneBlock, cancellationToken);
            }
        }
        if (!isOfOneBlock && !past.IsAccepted && await DescribeMissingAsync(past, cancellationToken) is { } missing)
        {
            Hold(Lost($"{missing}, or for 'ipamctl store accept'"));
            return;
        }
        if (_contested is not null)
            await AssertAgainAsync(past, isOfOneBlock, cancellationToken);
        // Before anything is handed out: a node that asserts its leases later than others must find out that those went on.
        await _registration.RenewAsync(past.Identity, RecoveryStep.Done, isMending: true, cancellationToken);
        await allocator.ReloadAsync(past, cancellationToken);
        // Remembered only now: whoever is started anew before must find that it has yet to assert its leases, and to wait for others.
        Keep(past);
        (_mendingIn, _assertedIn, _told) = (null, null, "");
        observer.Resumed();
    }

    /// <summary>
    /// Whom the node waits for, for a message; null for nobody. Leases in whose place others are, are asserted a second time when all nodes have released again what an
    /// older copy brought back. Only then has this node asserted its own.
    /// </summary>
    private async Task<string?> DescribeMissingAsync(StorePast past, CancellationToken cancellationToken)
    {
        if (_contested is { Conflicts.Count: var conflicts })
        {
            var leases = conflicts == 1 ? "1 lease" : $"{conflicts} leases";
            if (await DescribeMissingAsync(RecoveryStep.Contested) is { } missing)
                return $"{leases} of this node can't be asserted as long as others are in the way, which may be released yet; {missing}";
            await AssertAgainAsync(past, isOfOneBlock: false, cancellationToken);
        }
        return await DescribeMissingAsync(RecoveryStep.Asserted);

        Task<string?> DescribeMissingAsync(RecoveryStep step) =>
            _registration.DescribeMissingAsync(past.Identity, step, time.GetElapsedTime(_assertedAt), cancellationToken);
    }

    /// <summary>The past in which all nodes mend: a store that was set back gets a new identity, so that those notice that lost nothing.</summary>
    private async Task<StorePast> AgreeAsync(StorePast past, CancellationToken cancellationToken)
    {
        var isKnownToAll = past.Identity == _mendingIn ? past.Revision != StorePast.WentBack || _assertedIn != past.Identity : past.Identity != _past!.Identity;
        if (!isKnownToAll)
            past = await RenewAsync(past, cancellationToken);
        _mendingIn = past.Identity;
        return past;
    }

    private async Task<ReassertionReport> AssertAsync(StorePast past, bool isOfOneBlock, CancellationToken cancellationToken)
    {
        var report = await CallAllocatorAsync(past, isOfOneBlock, cancellationToken);
        (_assertedIn, _assertedAt) = (past.Identity, time.GetTimestamp());
        _contested = report.Conflicts.Count > 0 ? report : null;
        if (_contested is null)
            observer.Asserted(report);
        return report;
    }

    private async Task AssertAgainAsync(StorePast past, bool isOfOneBlock, CancellationToken cancellationToken)
    {
        var report = await CallAllocatorAsync(past, isOfOneBlock, cancellationToken);
        observer.Asserted(report with { Asserted = report.Asserted + _contested!.Asserted, Released = report.Released + _contested.Released });
        _contested = null;
    }

    private async Task<ReassertionReport> CallAllocatorAsync(StorePast past, bool isOfOneBlock, CancellationToken cancellationToken)
    {
        var endsOlder = !isOfOneBlock && !past.IsAccepted && await _registration.NobodyServesAsync(past.Identity, cancellationToken);
        return await allocator.AssertAsync(past, endsOlder, cancellationToken);
    }

    /// <summary>Gives a store that was set back a new identity, so that the other nodes notice as well.</summary>
    private async Task<StorePast> RenewAsync(StorePast past, CancellationToken cancellationToken)
    {
        await CallAsync(
            async token =>
            {
                await store.Past.RenewAsync(past.Identity, token);
                return true;
            },
            cancellationToken);
        return await CallAsync(store.Past.ReadAsync, cancellationToken);
    }

    private void Hold(StoreException obstacle)
    {
        allocator.Hold(obstacle);
        Tell(obstacle.Message);
    }

    private void Tell(string reason)
    {
        if (_told != reason)
            observer.Held(_told = reason);
    }

    private void Keep(StorePast past)
    {
        _past = past;
        observer.Saw(past);
    }

    private StoreException Lost(string what) => StoreException.Lost(store.Description, what);

    private static string Difference(StorePast before, StorePast now) => before.Identity == now.Identity
        ? StoreException.SetBack
        : $"its identity is {now.Identity}, and was {before.Identity} before";

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        StoreCall.WithTimeoutAsync(store.Description, options.StoreTimeout, time, call, cancellationToken);
}
