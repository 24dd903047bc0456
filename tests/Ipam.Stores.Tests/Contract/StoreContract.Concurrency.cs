using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Many at once.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Of_many_who_change_a_block_at_once_exactly_one_wins_each_round()
    {
        const int contenders = 8, rounds = 20;
        var clients = new[] { Store, await AnotherClientAsync() };
        var block = Some.NoBlock();
        for (var round = 0; round < rounds; round++)
        {
            var from = block;
            var results = await Task.WhenAll(Enumerable.Range(0, contenders).Select(i => Task.Run(async () =>
            {
                var change = Change.Give(from, Some.Lease($"10.0.0.{from.Leases.Count}"));
                return (change.Block, Result: Assert.Single(await clients[i % 2].CommitAsync([change], default)));
            })));

            var winner = Assert.Single(results, result => result.Result.Status == CommitStatus.Committed);
            block = winner.Block with { Version = winner.Result.Version };
            Assert.Equal(contenders - 1, results.Count(result => result.Result.Status == CommitStatus.Conflict));
            Assert.All(results, result => Assert.True(
                result.Result.Status == CommitStatus.Committed || block.Equals(Assert.Single(result.Result.Current))));
        }
        Assert.Equal(block, await ReadAsync(block.Id));
    }

    [Fact]
    public async Task Those_who_retry_after_a_conflict_all_get_an_address_of_their_own()
    {
        const int contenders = 8, each = 6;
        var clients = new[] { Store, await AnotherClientAsync() };
        var id = Some.NoBlock().Id;

        await Task.WhenAll(Enumerable.Range(0, contenders).Select(i => Task.Run(async () =>
        {
            var block = Some.NoBlock();
            for (var given = 0; given < each;)
            {
                var free = Enumerable.Range(0, BlockId.Size).First(offset => (block.Held >> offset & 1) == 0);
                var change = Change.Give(block, Some.Lease(id.AddressAt(free)));
                var result = Assert.Single(await clients[i % 2].CommitAsync([change], default));
                given += result.Status == CommitStatus.Committed ? 1 : 0;
                block = result.Status == CommitStatus.Committed ? change.Block with { Version = result.Version } : Assert.Single(result.Current);
            }
        })));

        Assert.Equal((1UL << contenders * each) - 1, (await ReadAsync(id))!.Held);
    }

    [Fact]
    public async Task Those_whose_leases_may_be_anywhere_in_a_block_all_get_an_address_at_once()
    {
        const int contenders = 8, each = 6;
        var clients = new[] { Store, await AnotherClientAsync() };
        var old = await MustCommitAsync(Change.Give(Some.NoBlock()));

        var given = await Task.WhenAll(Enumerable.Range(0, contenders).Select(i => Task.Run(async () =>
        {
            var leases = new List<Core.Blocks.Lease>();
            for (var round = 0; round < each; round++)
            {
                // None of them reads the block again.
                var change = Change.Give(old, Some.Lease("10.0.0.0")) with { Elsewhere = ulong.MaxValue };
                var result = Assert.Single(await clients[i % 2].CommitAsync([change], default));
                Assert.Equal(CommitStatus.Committed, result.Status);
                leases.Add((result.Current is [var placed] ? placed : change.Block).Leases.Single(lease => lease.IsPlacedFrom(change.Added[0])));
            }
            return leases;
        })));

        var block = (await ReadAsync(old.Id))!;
        Assert.Equal((1UL << contenders * each) - 1, block.Held);
        Assert.True(given.SelectMany(static leases => leases).ToHashSet().SetEquals(block.Leases));
    }

    [Fact]
    public async Task A_listing_beside_commits_shows_no_block_half_written()
    {
        // Each commit takes all addresses of a block and gives others, so a block read must hold all even or all odd ones.
        const ulong even = 0x5555_5555_5555_5555;
        var other = await AnotherClientAsync();
        using var stop = new CancellationTokenSource();
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), Leases(0)));
        var writing = Task.Run(async () =>
        {
            for (var round = 1; !stop.IsCancellationRequested; round++)
                block = await MustCommitAsync(Change.Of(block, Leases(round % 2), block.Leases));
        });

        for (var i = 0; i < 200; i++)
        {
            var seen = new List<Block>(await other.ReadBlocksAsync([block.Id], default));
            await foreach (var page in other.ListBlocksAsync(BlockFilter.All, default))
                seen.AddRange(page);
            Assert.Equal(2, seen.Count);
            Assert.All(seen, read => Assert.True(read.Held is even or ~even, $"half a block was read: {read.Held:x16}"));
            Assert.All(seen, read => Assert.Equal(read.LastSequence, read.Leases[^1].Sequence));
        }
        await stop.CancelAsync();
        await writing;

        static Core.Blocks.Lease[] Leases(int first) =>
            Enumerable.Range(0, BlockId.Size / 2).Select(i => Some.Lease($"10.0.0.{2 * i + first}")).ToArray();
    }
}
