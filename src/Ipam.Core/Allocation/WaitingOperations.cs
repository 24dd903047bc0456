using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>
/// The operations that are not answered yet, in the order in which they came. Some wait for a look at the store, or for a pause to end; those don't keep others
/// from being planned, but for the later ones of their own owner. Not thread-safe.
/// </summary>
internal sealed class WaitingOperations
{
    private readonly List<Operation> _all = [];
    private readonly HashSet<Owner> _ownersThatWait = [];

    public IReadOnlyList<Operation> All => _all;

    public void Add(Operation operation) => _all.Add(operation);

    /// <summary>Forgets those that were answered.</summary>
    public void RemoveAnswered() => _all.RemoveAll(static operation => operation.IsAnswered || operation.IsAbandoned);

    /// <summary>Those that can be planned now, at most so many.</summary>
    public void FindDue(int most, List<Operation> due)
    {
        due.Clear();
        _ownersThatWait.Clear();
        foreach (var operation in _all)
        {
            if (due.Count == most)
                return;
            var owner = operation.Owner;
            if (operation is { Look: null or { IsOver: true }, Pause: null or { IsOver: true } } && (owner is null || !_ownersThatWait.Contains(owner)))
                due.Add(operation);
            else if (owner is not null)
                _ownersThatWait.Add(owner);
        }
    }
}
