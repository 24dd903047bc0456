using Ipam.Core.Blocks;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Addresses that cool down, and what else a block remembers.</summary>
public abstract partial class StoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 1, TimeSpan.Zero);

    [Fact]
    public async Task Cooling_addresses_come_back_with_their_time_and_in_their_order()
    {
        CoolingAddress[] cooling = [new(63, Noon), new(0, Noon.AddDays(30)), new(7, DateTimeOffset.UnixEpoch.AddMilliseconds(-1))];
        var block = await MustCommitAsync(Change.Give(Some.NoBlock() with { Cooling = cooling }, Some.Lease("10.0.0.1")));
        Assert.Equal(block, await ReadAsync(block.Id));
        Assert.Equal(cooling, Assert.Single(await ListAsync()).Cooling);

        block = await MustCommitAsync(Change.Give(block with { Cooling = [] }));
        Assert.Empty((await ReadAsync(block.Id))!.Cooling);
    }

    [Fact]
    public async Task All_addresses_of_a_block_may_cool_down_at_once()
    {
        var cooling = Enumerable.Range(0, BlockId.Size).Select(offset => new CoolingAddress(offset, Noon.AddMilliseconds(offset))).ToArray();
        var block = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::") with { Cooling = cooling }));

        Assert.Equal(block, await ReadAsync(block.Id));
    }

    [Fact]
    public async Task How_long_an_address_shall_cool_down_comes_back_with_its_lease()
    {
        var leases = new[] { 0, 1, 30 * 86_400 }
            .Select((seconds, i) => Some.Lease($"10.0.0.{i}") with { Cooldown = TimeSpan.FromSeconds(seconds) }).ToArray();
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), leases));

        Assert.Equal(leases, (await ReadAsync(block.Id))!.Leases);
        Assert.Equal([leases[2]], await FindAsync(leases[2].Owner));
    }

    [Fact]
    public async Task A_change_of_the_last_sequence_alone_is_written_and_gives_another_version()
    {
        var before = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));

        var after = await MustCommitAsync(Change.Give(before with { LastSequence = before.LastSequence + 1 }));

        Assert.NotEqual(before.Version, after.Version);
        Assert.Equal(after, await ReadAsync(before.Id));
        Assert.Equal(before.LastSequence + 1, after.LastSequence);
    }

    [Fact]
    public async Task Sequences_and_offsets_keep_every_digit()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock() with { LastSequence = (1L << 53) - 1, LastOffset = 63 }));
        Assert.Equal(((1L << 53) - 1, 63), ((await ReadAsync(block.Id))!.LastSequence, (await ReadAsync(block.Id))!.LastOffset));
    }
}
