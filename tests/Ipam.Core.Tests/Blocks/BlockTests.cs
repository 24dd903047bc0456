using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Blocks;

public class BlockTests
{
    private static readonly BlockId Id = BlockId.Of(Some.Space, Address.Parse("10.0.0.64"));

    [Fact]
    public void A_block_tells_who_holds_each_address()
    {
        var random = new Random(12);
        for (var i = 0; i < 500; i++)
        {
            var offsets = Enumerable.Range(0, BlockId.Size).Where(_ => random.Next(3) == 0).ToList();
            var leases = offsets.ConvertAll(offset => Some.Lease(Id.AddressAt(offset).ToString(), $"owner{offset}"));
            var block = new Block(Id, leases.OrderBy(_ => random.Next()));

            Assert.Equal(leases, block.Leases);
            for (var offset = 0; offset < BlockId.Size; offset++)
            {
                Assert.Equal(offsets.Contains(offset), (block.Held >> offset & 1) == 1);
                Assert.Equal(leases.Find(lease => BlockId.OffsetOf(lease.Address) == offset), block.LeaseOf(Id.AddressAt(offset)));
            }
        }
    }

    [Theory]
    [InlineData("10.0.0.63", "default")]
    [InlineData("10.0.0.128", "default")]
    [InlineData("10.0.0.64", "other")]
    [InlineData("::a00:40", "default")]
    public void A_lease_of_another_block_is_refused(string address, string space) =>
        Assert.Throws<ArgumentException>(() => new Block(Id, [Some.Lease(address, space: space)]));

    [Fact]
    public void Two_leases_of_one_address_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Block(Id, [Some.Lease("10.0.0.70", "a"), Some.Lease("10.0.0.70", "b")]));

    [Fact]
    public void Blocks_are_equal_when_everything_is()
    {
        var block = new Block(Id, [Some.Lease("10.0.0.70")]) { Version = 3, LastSequence = 5, LastOffset = 6, Node = "n" };
        Assert.Equal(block, new Block(Id, [Some.Lease("10.0.0.70")]) { Version = 3, LastSequence = 5, LastOffset = 6, Node = "n" });
        Assert.NotEqual(block, block with { Version = 4 });
        Assert.NotEqual(block, block with { LastSequence = 4 });
        Assert.NotEqual(block, block with { LastOffset = 4 });
        Assert.NotEqual(block, block with { Node = null });
        Assert.NotEqual(block, new Block(Id, [Some.Lease("10.0.0.70", "b")]) { Version = 3, LastSequence = 5, LastOffset = 6, Node = "n" });
        Assert.NotEqual(block, new Block(Id, []) { Version = 3, LastSequence = 5, LastOffset = 6, Node = "n" });
    }

    [Fact]
    public void Random_takes_and_releases_leave_what_a_dictionary_says()
    {
        var random = new Random(14);
        var (block, held, cooling) = (new Block(Id, []), new SortedDictionary<int, Lease>(), new SortedDictionary<int, DateTimeOffset>());
        var now = DateTimeOffset.UnixEpoch;
        for (var sequence = 1; sequence < 3_000; sequence++)
        {
            now = now.AddSeconds(random.Next(3));
            var offset = random.Next(BlockId.Size);
            if (!held.Remove(offset, out var lease))
            {
                lease = Some.Lease(Id.AddressAt(offset).ToString(), sequence: sequence) with { Cooldown = TimeSpan.FromSeconds(random.Next(40)) };
                held.Add(offset, lease);
                cooling.Remove(offset);
                block = block.Take(lease);
                Assert.Equal((sequence, offset), (block.LastSequence, block.LastOffset));
                Assert.True(block.Holds(lease));
            }
            else if (random.Next(4) == 0)
            {
                block = block.GiveBack(lease);
            }
            else
            {
                block = block.Release(lease, now);
                if (lease.Cooldown > TimeSpan.Zero)
                    cooling[offset] = now + lease.Cooldown;
            }
            block = block.EndCooldowns(now);
            foreach (var over in cooling.Where(address => address.Value <= now).Select(static address => address.Key).ToList())
                cooling.Remove(over);

            Assert.Equal(held.Values, block.Leases);
            Assert.Equal(held.Keys.Aggregate(0UL, static (mask, at) => mask | 1UL << at), block.Held);
            Assert.Equal(cooling.Select(static address => new CoolingAddress(address.Key, address.Value)), block.Cooling);
            Assert.Equal(cooling.Keys.Aggregate(0UL, static (mask, at) => mask | 1UL << at), block.CoolingBits);
            Assert.Equal(cooling.Count == 0 ? null : cooling.Values.Min(), block.FirstToCoolDown(ulong.MaxValue, DateTimeOffset.MinValue)?.Until);
        }
    }

    [Fact]
    public void An_address_that_is_held_is_not_taken_again_and_one_that_is_not_is_not_released()
    {
        var lease = Some.Lease("10.0.0.70", sequence: 1);
        var block = new Block(Id, [lease]);
        Assert.Throws<ArgumentException>(() => block.Take(Some.Lease("10.0.0.70", "b", 2)));
        Assert.Throws<ArgumentException>(() => block.Release(lease with { Sequence = 2 }, DateTimeOffset.UnixEpoch));
        Assert.Throws<ArgumentException>(() => block.GiveBack(Some.Lease("10.0.0.71")));
    }

    [Fact]
    public void A_block_matters_to_its_node_to_those_that_hold_a_lease_in_it_and_if_it_is_nobodys_to_all()
    {
        var block = new Block(Id, [Some.Lease("10.0.0.70") with { Node = "b" }]) { Node = "a" };
        Assert.True(block.MattersTo("a"));
        Assert.True(block.MattersTo("b"));
        Assert.False(block.MattersTo("c"));
        Assert.True((block with { Node = null }).MattersTo("c"));
    }
}
