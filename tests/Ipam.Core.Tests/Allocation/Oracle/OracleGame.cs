using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>Takes random steps with an allocator and with the slow one beside it, and compares after each.</summary>
internal sealed class OracleGame(Scenario scenario, AllocationOrder usualOrder, StoreMode mode, int seed, StringBuilder steps) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private readonly SlowAllocator _oracle = new();
    private readonly InMemoryStore _store = new(mode);
    private readonly ManualTimeProvider _time = new(Some.Instant) { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) };
    private Allocator? _allocator;

    public async Task StepAsync()
    {
        _allocator ??= await StartAsync();
        switch (_random.Next(20))
        {
            case < 13:
                await AllocateAsync();
                break;
            case < 18:
                await ReleaseAsync();
                break;
            case 18 when _random.Next(4) == 0:
                steps.AppendLine("restart");
                _oracle.Restart();
                await _allocator.DisposeAsync();
                _allocator = null;
                break;
            default:
                steps.AppendLine("maintain");
                await _allocator.MaintainAsync(default);
                break;
        }
        AssertStoreAgrees();
    }

    public async ValueTask DisposeAsync()
    {
        if (_allocator is not null)
            await _allocator.DisposeAsync();
    }

    private async Task<Allocator> StartAsync()
    {
        var allocator = new Allocator(_store, new AllocatorOptions(), _time, new Random(seed));
        await allocator.StartAsync(default);
        return allocator;
    }

    private async Task AllocateAsync()
    {
        var (space, owner) = (Pick(scenario.Spaces), PickOwner());
        var order = _random.Next(10) == 0 ? Pick(Enum.GetValues<AllocationOrder>()) : usualOrder;
        var entries = Pick(scenario.Requests).Select(ranges => new SlowEntry(ranges, PickRequested(space, ranges))).ToArray();
        steps.AppendLine($"{owner.ContainerId} in {space} asks in order {order} for {string.Join(" and ", entries.Select(static e => e.ToString()))}");

        var outcome = await _allocator!.AllocateAsync(
            new AllocationRequest { Space = space, Owner = owner, Entries = [.. entries.Select(static e => e.Real)], Node = "node" }.InOrder(order), default);
        var drawn = (outcome as AllocationOutcome.Allocated)?.Addresses.Select(static a => a.Lease.Address).ToArray();
        Compare(_oracle.Allocate(space, owner, entries, order, drawn), OutcomeText.Of(outcome));
    }

    private async Task ReleaseAsync()
    {
        var owner = PickOwner();
        steps.AppendLine($"{owner.ContainerId} releases");
        var released = await _allocator!.ReleaseAsync(owner, ReleaseCause.Del, null, default);
        Compare(
            _oracle.Release(owner),
            string.Join(", ", released.Select(static lease => $"{lease.Space} {lease.Address}").Order(StringComparer.Ordinal)));
    }

    private void AssertStoreAgrees()
    {
        var stored = _store.Content.Leases.Select(static lease => (lease.Space, lease.Address)).ToHashSet();
        var expected = scenario.Spaces.SelectMany(space => _oracle.Held(space).Select(address => (space, address)));
        if (!stored.SetEquals(expected))
            Assert.Fail($"{steps}and now the store holds {string.Join(' ', stored)}\nexpected: {string.Join(' ', expected)}");
        if (_store.Content.Violations is { Count: > 0 } violations)
            Assert.Fail($"{steps}{string.Join('\n', violations)}");
    }

    private void Compare(string expected, string actual)
    {
        steps.AppendLine($"    {actual}");
        if (expected != actual)
            Assert.Fail($"{steps}expected: {expected}\nactual:   {actual}");
    }

    /// <summary>Mostly none; else one at an end, at a border of a block, held, the gateway, or anywhere, inside or just outside, or further outside where that is allowed.</summary>
    private Address? PickRequested(string space, SlowRange[] ranges)
    {
        if (_random.Next(4) > 0)
            return null;
        var range = Pick(ranges);
        var held = _oracle.Held(space).ToArray();
        var address = _random.Next(7) switch
        {
            0 => range.Bounds.First,
            1 => range.Bounds.Last,
            2 when range.Real.Gateway is { } gateway => gateway,
            3 when held.Length > 0 => Pick(held),
            6 when range.Real.AllowsOutside => range.Real.Subnet.First with { Value = range.Real.Subnet.First.Value + (uint)_random.Next(256) },
            4 => range.Bounds.Last with { Value = range.Bounds.Last.Value & ~(UInt128)63 },
            _ => range.Bounds.First with { Value = range.Bounds.First.Value + (uint)_random.Next(80) },
        };
        var value = address.Value + (UInt128)(uint)_random.Next(3) - 1;
        return address with { Value = UInt128.Min(value, Address.MaxValue(address.Family)) };
    }

    private Owner PickOwner() => Some.Owner($"c{_random.Next(scenario.Owners)}");

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
