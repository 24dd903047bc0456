using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>
/// The operations that are not answered yet, in the order in which they came. Some wait for a look at the store, or for a pause to end; those don't keep others
/// from being planned, but for the later ones of their own owner, and for those that want addresses of a range that others fight for: these join the next attempt, as
/// one commit wins more often than many. Not thread-safe.
/// </summary>
internal sealed class WaitingOperations
{
    private readonly List<Operation> _all = [];
    private readonly HashSet<Owner> _ownersThatWait = [];

    /// <summary>Of each range that others fight for, the first of the operations that will try again.</summary>
    private readonly Dictionary<(string Space, IntervalSet Addresses), Operation> _contenders = [];

    public IReadOnlyList<Operation> All => _all;

    public void Add(Operation operation) => _all.Add(operation);

    /// <summary>Forgets those that were answered. Returns how many they were.</summary>
    public int RemoveAnswered() => _all.RemoveAll(static operation => operation.IsAnswered || operation.IsAbandoned);

    /// <summary>Those that can be planned now, at most so many.</summary>
    /// <param name="most">So many.</param>
    /// <param name="mayHandOut">Whether those that hand out addresses are among them.</param>
    /// <param name="due">Gets them.</param>
    public void FindDue(int most, bool mayHandOut, List<Operation> due)
    {
        due.Clear();
        _ownersThatWait.Clear();
        _contenders.Clear();
        foreach (var operation in _all)
        {
            if (due.Count == most)
                return;
            var owner = operation.Owner;
            if ((mayHandOut || operation is not AllocateOperation) && !Waits(operation) && (owner is null || !_ownersThatWait.Contains(owner)))
                due.Add(operation);
            else if (owner is not null)
                _ownersThatWait.Add(owner);
        }
    }

    private bool Waits(Operation operation)
    {
        var waits = operation is not { Look: null or { IsOver: true }, Pause: null or { IsOver: true } };
        if (waits && operation.Conflicts > 0 && operation.Range is { } contended)
            _contenders.TryAdd(contended, operation);
        if (waits || _contenders.Count == 0 || operation.Range is not { } range || !_contenders.TryGetValue(range, out var first))
            return waits;
        (operation.Pause, operation.Look) = (first.Pause, first.Look);
        operation.Conflicts = Math.Max(operation.Conflicts, first.Conflicts);
        return true;
    }
}
