using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <content>What the loop does about a store that lost data, while nothing else is under way.</content>
internal sealed partial class CommitLoop
{
    /// <summary>
    /// Asserts the leases of this node in the store, which has this past from now on. No batch is under way that was planned over another one.
    /// </summary>
    public async Task<ReassertionReport> AssertAsync(StorePast past, bool endsOlder, CancellationToken cancellationToken)
    {
        _store.Past.Expect(past);
        var reassertion = new Reassertion(_store, _durable, _options.Node, _time, _options.StoreTimeout, _random) { EndsOlder = endsOlder };
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
                await _sync.LoadAsync(_intake.FormerNames, cancellationToken);
                if (!past.IsKeptBy(await _store.Past.ReadAsync(cancellationToken)))
                    throw new StoreException($"{_store.Description} lost data again while memory was loaded") { IsLoss = true };
            },
            _ledger.Damaged.Ids.Contains);
        _obstacle = null;
        ReportDamage();
    }

    private async Task RepairAsync()
    {
        foreach (var repair in _waiting.All.OfType<RepairOperation>().ToArray())
        {
            // What is under way was begun over another past.
            _looks.Drop();
            foreach (var operation in _waiting.All)
                operation.Look = null;
            repair.IsAnswered = true;
            try
            {
                await repair.RunAsync(this);
            }
            catch (Exception e)
            {
                repair.Fail(e);
            }
        }
        Interlocked.Add(ref _unansweredCount, -_waiting.RemoveAnswered());
    }
}
