using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Faults;

/// <summary>
/// One container after another: asks for its addresses, perhaps again, finds one of them in use, releases them, and repeats what failed. What was in use is free again
/// later.
/// </summary>
internal sealed class Worker(
    string name, Func<Allocator> node, Func<AllocationRequest, AllocationRequest> asNode, InMemoryStore store, AnswerBook book, Random random)
{
    /// <summary>One address, two of one range, two families, and a range that is smaller than the demand.</summary>
    private static readonly AllocationEntry[][] Wishes =
    [
        [Some.Entry($"10.0.0.0-10.0.0.{FaultGame.LastOctet}")],
        [Some.Entry($"10.0.0.0-10.0.0.{FaultGame.LastOctet}"), Some.Entry($"10.0.0.0-10.0.0.{FaultGame.LastOctet}")],
        [Some.Entry("fd00::/64"), Some.Entry("10.0.0.60-10.0.0.68", $"10.0.0.20-10.0.0.{FaultGame.LastOctet}")],
        [Some.Entry("10.0.0.62-10.0.0.66"), Some.Entry("fd00::/125")],
    ];

    private readonly AllocationEntry[] _wish = Wishes[random.Next(Wishes.Length)];
    private int _container = 1;
    private Lease[] _told = [];
    private readonly List<Lease> _inUse = [];

    /// <summary>Whether the owner may hold addresses that nobody was told of: only a release settles that.</summary>
    public bool NeedsRelease { get; private set; }

    private Owner Owner => Some.Owner($"{name}.{_container}");

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
            await StepAsync();
    }

    public async Task StepAsync()
    {
        switch (random.Next(11))
        {
            case < 5:
                await AskAsync(default);
                break;
            case 5 when _told.Length > 0:
                await FindInUseAsync(_told[random.Next(_told.Length)].Address);
                break;
            case 5:
                await EndInUseAsync();
                break;
            case 6:
                using (var caller = new CancellationTokenSource())
                {
                    var asked = AskAsync(caller.Token);
                    await caller.CancelAsync();
                    await asked;
                }
                break;
            default:
                await ReleaseAsync();
                break;
        }
    }

    public async Task ReleaseAsync()
    {
        book.Releasing(_told);
        _told = [];
        NeedsRelease = true;
        try
        {
            var released = await node().ReleaseAsync(Owner, ReleaseCause.Del, null, default);
            book.Note($"{Owner.ContainerId} released {string.Join(' ', released.Select(static lease => lease.Address))}");
        }
        catch (StoreException e)
        {
            book.Failed($"{Owner.ContainerId} failed to release", e);
            return;
        }
        AssertStoreHolds([]);
        NeedsRelease = false;
        _container++;
    }

    /// <summary>Somebody on the wire answers for an address of the owner's: it gets another one, and nobody gets that one.</summary>
    private async Task FindInUseAsync(Address address)
    {
        book.Releasing(_told);
        _told = [];
        // What it holds beside, nobody was told of if this fails or is refused.
        NeedsRelease = true;
        await AskAsync(default, new AddressConflict(address, name));
        if (_told.Length == 0)
            return;
        NeedsRelease = false;
        var conflict = store.Content.Leases.FirstOrDefault(lease => lease.Owner.IsConflict && lease.Address == address);
        if (conflict is null || Array.Exists(_told, lease => lease.Address == address))
            book.Fail($"{address} is in use, and was answered or is free");
        else
            _inUse.Add(conflict);
    }

    private async Task EndInUseAsync()
    {
        // What failed to end may have ended nevertheless; what is in use there now is another worker's.
        _inUse.RemoveAll(conflict => !store.Content.Leases.Any(conflict.IsSameAs));
        if (_inUse.Count == 0)
            return;
        var conflict = _inUse[0];
        try
        {
            await node().ReleaseAsync(conflict, ReleaseCause.Expiry, default);
            book.Note($"{name} ended {conflict.Address}");
            _inUse.RemoveAt(0);
        }
        catch (StoreException e)
        {
            book.Failed($"{name} failed to end {conflict.Address}", e);
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken, params AddressConflict[] inUse)
    {
        AllocationOutcome outcome;
        try
        {
            outcome = await node().AllocateAsync(asNode(Some.Request(Owner, _wish)) with { Conflicts = inUse }, cancellationToken);
        }
        catch (StoreException e)
        {
            book.Failed($"{Owner.ContainerId} failed to ask", e);
            return;
        }
        catch (OperationCanceledException)
        {
            book.Note($"{Owner.ContainerId} went away");
            NeedsRelease = true;
            return;
        }
        book.Note($"{Owner.ContainerId} asked: {Oracle.OutcomeText.Of(outcome)}");
        var leases = outcome is AllocationOutcome.Allocated allocated ? allocated.Addresses.Select(static a => a.Lease).ToArray() : [];
        if (_told.Length > 0 && !leases.SequenceEqual(_told))
            book.Fail($"{Owner} held {string.Join(' ', _told.Select(static lease => lease.Address))} and was answered: {Oracle.OutcomeText.Of(outcome)}");
        _told = leases;
        book.Answered(leases);
        // A release that failed in the middle may have left one of two; a range that is exhausted then leaves it at that.
        if (leases.Length > 0 || !NeedsRelease)
            AssertStoreHolds(leases);
    }

    private void AssertStoreHolds(Lease[] leases)
    {
        var stored = store.Content.LeasesOf(Owner);
        if (!stored.ToHashSet().SetEquals(leases))
            book.Fail($"{Owner} was answered {string.Join(' ', leases.Select(static l => l.Address))} while the store has {string.Join(' ', stored.Select(static l => l.Address))}");
    }
}
