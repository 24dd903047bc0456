using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <content>What becomes of operations that were not answered in their round.</content>
internal sealed partial class CommitLoop
{
    /// <summary>
    /// From this conflict on, a request looks at all blocks of its space before it is planned again: blocks that it took for nobody's may all be others'.
    /// </summary>
    private const int ConflictsBeforeLook = 3;

    /// <summary>
    /// Who met a conflict over a block that another node takes addresses of, and may take one of any other block, looks for the next one elsewhere. A conflict with a release is no
    /// reason for that.
    /// </summary>
    private void StepAside(List<Operation> left, RoundOutcome outcome)
    {
        if (outcome.Conflicted.Count == 0)
            return;
        foreach (var some in left.Where(static operation => operation is { MayStepAside: true, Range: not null }).GroupBy(static operation => operation.Range!.Value))
        {
            if (some.SelectMany(static operation => operation.ReliesOn).Any(block => outcome.Conflicted.Contains(block.Id) && IsOthersPlace(block.Id)))
                _ledger.Space(some.Key.Space).ViewOf(some.Key.Addresses).StepAside(_random);
        }
    }

    private bool IsOthersPlace(BlockId id) =>
        _ledger.Find(id) is { LastOffset: >= 0 } block && block.LeaseOf(id.AddressAt(block.LastOffset)) is { } last && last.Node != _options.Node;

    /// <summary>Says what each operation that was not answered waits for. Some wait for nothing but their turn.</summary>
    private void Postpone(List<Operation> left, RoundOutcome outcome)
    {
        // Those that met their conflicts together, after as many, go into one commit again.
        var pauses = new Dictionary<int, RetryPause?>();
        foreach (var operation in left)
        {
            List<BlockId> conflicted = outcome.Conflicted.Count == 0 ? [] : [.. operation.ReliesOn.Select(static block => block.Id).Where(outcome.Conflicted.Contains)];
            if (conflicted.Count > 0)
            {
                Pause(operation, conflicted, outcome, pauses);
                continue;
            }
            if (operation.Needs is { } wish)
                operation.Look = wish.Blocks is { } blocks ? _looks.AtBlocks(blocks) : wish.Space is { } space ? _looks.AtSpace(space) : _looks.AtOwn();
            else if (operation.ReliesOn.FindAll(block => RoundOutcome.IsUnconfirmed(block, operation)) is { Count: > 0 } unconfirmed)
                operation.Look = _looks.AtBlocks([.. unconfirmed.Select(static block => block.Id)]);
        }
    }

    private void Pause(Operation operation, List<BlockId> conflicted, RoundOutcome outcome, Dictionary<int, RetryPause?> pauses)
    {
        operation.Conflicts++;
        if (_time.GetElapsedTime(operation.ArrivedAt) > _options.LongestRetry)
        {
            var tried = _time.GetElapsedTime(operation.ArrivedAt).TotalSeconds;
            Abandon([operation], new StoreException($"gave up after {operation.Conflicts} attempts in {tried:0} s: others keep changing the same blocks in {_store.Description}; try again"));
            return;
        }
        if (!pauses.TryGetValue(operation.Conflicts, out var pause))
            pauses[operation.Conflicts] = pause = RetryPause.After(operation.Conflicts, _random, _time, Wake);
        operation.Pause = pause;
        var claimed = conflicted.Find(outcome.Unknown.Contains);
        if (operation.Conflicts >= ConflictsBeforeLook && claimed.Space is { } space && !_planner.HasJustLookedAt(space))
            operation.Look = _looks.AtSpace(space);
    }
}
