using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Pools;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Ledger;

/// <summary>The cost of an allocation must not grow with what is held. Compared with itself, so that the machine doesn't matter.</summary>
public class AllocationCostTests
{
    private const int Requests = 1_000;

    /// <summary>A look at every lease would cost hundreds of times as much. (Looks at blocks are counted where ranges are tested.)</summary>
    private const double Tolerance = 20;

    [Theory]
    [InlineData("10.0.0.0/8", AllocationOrder.Next)]
    [InlineData("10.0.0.0/8", AllocationOrder.Lowest)]
    [InlineData("10.0.0.0/8", AllocationOrder.Random)]
    [InlineData("fd00::/64", AllocationOrder.Next)]
    [InlineData("fd00::/64", AllocationOrder.Lowest)]
    [InlineData("fd00::/64", AllocationOrder.Random)]
    public void An_allocation_costs_about_the_same_with_100_000_leases_as_with_none(string range, AllocationOrder order)
    {
        var (emptyTime, emptyBytes) = Measure(range, order, leases: 0);
        var (fullTime, fullBytes) = Measure(range, order, leases: 100_000);
        Assert.InRange(fullBytes / emptyBytes, 0, 1.5);
        Assert.InRange(fullTime / emptyTime, 0, Tolerance);
    }

    /// <summary>The best of several runs, the first of which warms up and builds the view of the range.</summary>
    private static (double Time, double Bytes) Measure(string range, AllocationOrder order, int leases)
    {
        var ledger = Filled(range, leases);
        var planner = new AllocationPlanner(ledger, new Sequences(), new ManualTimeProvider(Some.Instant), new FreeAddress(ledger, "", new Random(1)), TimeSpan.FromSeconds(1));
        var entry = Some.Entry(range);
        var requests = Enumerable.Range(0, Requests).Select(i => Some.Request($"new{i}", entry).InOrder(order)).ToArray();
        var all = new List<Lease>(Requests);
        var (time, bytes) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < 4; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            foreach (var request in requests)
            {
                var taken = new List<Lease>(1);
                Assert.IsType<AllocationOutcome.Allocated>(planner.Plan(request, taken));
                all.AddRange(taken);
            }
            time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
            all.ForEach(lease => ledger.GiveBack(lease));
            all.Clear();
        }
        return (time, bytes);
    }

    private static AddressLedger Filled(string range, int leases)
    {
        var ledger = new AddressLedger("", new ManualTimeProvider(Some.Instant));
        var first = Some.AddressRange(range).First;
        var some = Some.Lease("10.0.0.0");
        for (var n = 0; n < leases; n += BlockId.Size)
        {
            var id = BlockId.Of(Some.Space, first with { Value = first.Value + (uint)n });
            var held = Enumerable.Range(n, BlockId.Size).Select(i => some with
            {
                Address = id.AddressAt(i - n),
                Owner = Some.Owner($"held{i}"),
                Sequence = i + 1,
            });
            ledger.Replace(id, new Block(id, held) { Version = 1, LastSequence = n + BlockId.Size });
        }
        return ledger;
    }
}
