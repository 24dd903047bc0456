using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Core.Tests.Pools;

public class PoolUsageCounterTests
{
    [Fact]
    public void Only_addresses_that_the_pool_hands_out_count()
    {
        var pool = new Pool
        {
            Name = "blue",
            Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/25"), Excluded = [Range("10.0.0.10")] }, new PoolRange { Subnet = Prefix.Parse("10.0.1.0/30") }],
        };
        var catalog = new PoolCatalog(1, [pool], [Reserved("here", "default", "10.0.0.20-10.0.0.29"), Reserved("elsewhere", "lab", "10.0.0.30")]);

        // 10.0.0.0 is the network's, .1 the gateway, .2 the pool's, .10 excluded, .20 reserved.
        var usage = new PoolUsageCounter(
            catalog, new Found<BlockSummary>(
                [Block("10.0.1.64", 0), Block("10.0.0.0", 0, 1, 2, 10, 20, 30), Block("10.0.1.0", 2, 5), Block("10.0.0.64", 63), Block("10.0.0.0", "lab", 3)])).Count(pool);

        // 128 - network, gateway, broadcast - 1 - 10; 4 - network, gateway, broadcast.
        Assert.Equal(new PoolUsage("blue", "10.0.0.0/25, 10.0.1.0/30", new FamilyUsage(114 + 1, 10, 3, 112), null), usage);
    }

    [Fact]
    public void The_addresses_of_a_damaged_block_are_not_free()
    {
        var pool = new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/25") }] };
        var damaged = new DamagedBlock(BlockId.Of("default", Address.Parse("10.0.0.64")), "it is damaged");

        // 126 but for the gateway; 63 of them in the damaged block, which has the broadcast address, too.
        var usage = new PoolUsageCounter(PoolCatalog.Empty, new Found<BlockSummary>([Block("10.0.0.0", 2)], [damaged, damaged, new DamagedBlock(null, "so is it")])).Count(pool);
        Assert.Equal((125, 1, 125 - 1 - 63), ((int)usage.Size, usage.Used, (int)usage.Free));
    }

    [Fact]
    public void An_address_in_two_ranges_counts_once_even_where_there_are_as_many_as_a_number_can_say()
    {
        var pool = new Pool { Name = "all", Ranges = [new PoolRange { Subnet = Prefix.Parse("::/0") }, new PoolRange { Subnet = Prefix.Parse("fd00::/8") }] };

        // But for ::, and the two gateways.
        Assert.Equal(UInt128.MaxValue - 2, new PoolUsageCounter(PoolCatalog.Empty, new Found<BlockSummary>([])).Count(pool).Size);
    }

    [Fact]
    public void Each_family_has_numbers_of_its_own()
    {
        var pool = new Pool { Name = "dual", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/30") }, new PoolRange { Subnet = Prefix.Parse("fd00::/64") }] };

        var usage = new PoolUsageCounter(PoolCatalog.Empty, new Found<BlockSummary>([Block("10.0.0.0", 2), Block("fd00::", 2, 3)])).Count(pool);

        Assert.Equal(("1/2", "0/18446744073709551612", "1/18446744073709551614", "100.0/0.1"), (usage.UsedText, usage.FreeText, usage.SizeText, usage.PercentText));
        Assert.True(usage.IsExhausted);
        Assert.Equal("10.0.0.0/30, fd00::/64", usage.Ranges);
    }

    [Theory]
    [InlineData(0, 1000, "0.0")]
    [InlineData(1, 100_000, "0.1")]
    [InlineData(125, 1000, "12.5")]
    [InlineData(999_999, 1_000_000, "99.9")]
    [InlineData(7, 7, "100.0")]
    [InlineData(0, 0, "-")]
    public void Percents_are_rounded_down_and_never_hide_what_is_held(long used, int size, string expected) =>
        Assert.Equal(expected, new FamilyUsage((UInt128)size, 0, used, 0).Percent);

    private static Reservation Reserved(string name, string space, string addresses) => new() { Name = name, Space = space, Addresses = [Range(addresses)] };

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    private static BlockSummary Block(string address, params int[] held) => Block(address, "default", held);

    private static BlockSummary Block(string address, string space, params int[] held) =>
        new(BlockId.Of(space, Address.Parse(address)), 1, null, held.Aggregate(0UL, static (mask, offset) => mask | (1UL << offset)));
}
