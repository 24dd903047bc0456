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
}
