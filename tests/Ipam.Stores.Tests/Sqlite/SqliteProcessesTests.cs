using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>Several processes on one file, and what is left when one dies.</summary>
public sealed class SqliteProcessesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.Combine("ipam.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_processes_that_take_from_the_same_blocks_never_get_the_same_address()
    {
        const int each = 150;
        using var one = new TakerProcess(Path, "one", each);
        using var two = new TakerProcess(Path, "two", each);

        var taken = (await Task.WhenAll(one.RestAsync(), two.RestAsync())).SelectMany(addresses => addresses).ToList();

        Assert.Equal((0, 0), (await one.EndAsync(), await two.EndAsync()));
        Assert.Equal(2 * each, taken.Distinct().Count());
        await using var store = await TestStores.OpenAsync(Path);
        var held = (await TestStores.ListAsync(store)).SelectMany(block => block.Leases).Select(lease => lease.Address.ToString());
        Assert.Equal(taken.Order(), held.Order());
    }

    [Fact]
    public async Task A_process_that_is_killed_has_lost_nothing_that_it_said_was_committed()
    {
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            using var process = new TakerProcess(Path, $"round-{round}", int.MaxValue);
            for (var i = 0; i < 100; i++)
                acknowledged.Add((await process.NextAsync())!);
            process.Kill();
            acknowledged.AddRange(await process.RestAsync());
            await process.EndAsync();
        }

        await using var store = await TestStores.OpenAsync(Path);
        var held = (await TestStores.ListAsync(store)).SelectMany(block => block.Leases).Select(lease => lease.Address.ToString()).ToHashSet();
        Assert.Empty(acknowledged.Except(held));
        // Each round may have committed one more than it came to say.
        Assert.InRange(held.Count, acknowledged.Count, acknowledged.Count + 3);
        Assert.Equal(["ok"], TestStores.Sql(Path, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_pool_is_changed_soon_while_others_commit_without_a_pause()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var takers = Enumerable.Range(0, 6).Select(number => new TakerProcess(Path, $"taker-{number}", int.MaxValue)).ToList();
        try
        {
            foreach (var taker in takers)
                await taker.NextAsync();
            var rests = takers.Select(static taker => taker.RestAsync()).ToList();
            var longest = TimeSpan.Zero;
            for (var i = -1; i < 15; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Assert.True(await store.Pools.PutAsync(new Pool { Name = $"pool-{i}", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] }, default));
                // The first one waits for EF Core to start.
                var taken = Stopwatch.GetElapsedTime(start);
                longest = i >= 0 && taken > longest ? taken : longest;
            }
            takers.ForEach(static taker => taker.Kill());
            await Task.WhenAll(rests);
            Assert.True(longest < TimeSpan.FromSeconds(2), $"the longest change took {longest}");
        }
        finally
        {
            takers.ForEach(static taker => taker.Dispose());
        }
    }

    [Fact]
    public async Task A_commit_waits_for_another_processs_transaction_no_longer_than_it_is_told_to()
    {
        await using var store = await TestStores.OpenAsync(Path, new SqliteStoreOptions { BusyTimeout = TimeSpan.FromMilliseconds(200) });
        var lease = await TestStores.GiveAsync(store, "10.0.0.1");
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);

            var watch = Stopwatch.StartNew();
            var error = await Assert.ThrowsAsync<StoreException>(() => TestStores.GiveAsync(store, "10.0.1.1"));
            Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(5));
            Assert.Contains("Another process keeps the file locked", error.Message, StringComparison.Ordinal);

            // Whoever only reads doesn't wait.
            Assert.Equal([lease], await store.FindLeasesAsync(lease.Owner, null, default));
            Assert.Equal([lease], (await TestStores.ListAsync(store)).SelectMany(block => block.Leases));
            await store.PingAsync(default);
        }
        await TestStores.GiveAsync(store, "10.0.1.1");
    }

    [Fact]
    public async Task A_commit_that_gets_the_lock_in_time_is_written()
    {
        await using var store = await TestStores.OpenAsync(Path);
        using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        other.Open();
        var transaction = other.BeginTransaction(deferred: false);

        var commit = Task.Run(() => TestStores.GiveAsync(store, "10.0.0.1"));
        Assert.False(commit.IsCompleted);
        await transaction.DisposeAsync();

        var lease = await commit;
        Assert.Equal([lease], await store.FindLeasesAsync(lease.Owner, null, default));
    }

    [Fact]
    public async Task A_release_of_a_lease_that_somebody_removed_by_hand_meets_a_damaged_block_and_nothing_is_written()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var lease = await TestStores.GiveAsync(store, "10.0.0.1");
        var block = Assert.Single(await TestStores.ListAsync(store));
        TestStores.Sql(Path, "DELETE FROM leases");

        var results = await store.CommitAsync([Change.Give(Some.NoBlock("10.0.1.0")), Change.Release(block, lease)], default);

        Assert.Equal([CommitStatus.Aborted, CommitStatus.Conflict], results.Select(static result => result.Status));
        Assert.Equal(block.Id, Assert.Single(results[1].Current.Damaged).Id);
        Assert.Equal([$"{block.Version}"], TestStores.Sql(Path, "SELECT version FROM blocks"));
    }

    [Fact]
    public async Task A_commit_over_a_lease_that_somebody_added_by_hand_meets_a_damaged_block_and_nothing_is_written()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        var block = Assert.Single(await TestStores.ListAsync(store));
        TestStores.Sql(Path, "INSERT INTO leases SELECT space, x'040A000002', network, 'by hand', interface, entry, sequence, node, NULL, NULL, NULL, '', 0, 0 FROM leases");

        foreach (var change in (BlockChange[])[Change.Give(block, Some.Lease("10.0.0.2")), Change.Delete(block)])
        {
            var result = Assert.Single(await store.CommitAsync([change], default));
            Assert.Equal(CommitStatus.Conflict, result.Status);
            Assert.Equal(block.Id, Assert.Single(result.Current.Damaged).Id);
        }
        Assert.Equal([$"{block.Version}"], TestStores.Sql(Path, "SELECT version FROM blocks"));
    }

    [Theory]
    [InlineData("UPDATE blocks SET base = x'0500000000'")]
    [InlineData("UPDATE leases SET address = x'040A000001000000000000000000000000'")]
    public async Task An_address_that_is_none_is_a_damaged_block(string edit)
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        TestStores.Sql(Path, edit);

        var damaged = new List<DamagedBlock>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
            damaged.AddRange(page.Damaged);
        Assert.Contains("look at its rows in the tables blocks and leases", Assert.Single(damaged).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_outside_of_the_changed_block_is_the_callers_mistake()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var change = new BlockChange(Some.NoBlock(), [Some.Lease("10.0.0.64")], []);

        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync([change], default));
        Assert.Empty(await TestStores.ListAsync(store));
    }

    [Fact]
    public async Task Text_that_has_no_encoding_is_refused_and_a_NUL_in_a_name_does_not_end_it()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var half = Change.Give(Some.NoBlock(space: "\ud83e"), Some.Lease("10.0.0.1", space: "\ud83e"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.CommitAsync([half], default));

        var (short_, long_) = (Some.Lease("10.0.0.1", space: "a"), Some.Lease("10.0.0.1", new("n", "a\0b", "e"), space: "a\0b"));
        await store.CommitAsync([Change.Give(Some.NoBlock(space: "a"), short_), Change.Give(Some.NoBlock(space: "a\0b"), long_)], default);
        Assert.Equal(["a", "a\0b"], await store.ListSpacesAsync(default));
        Assert.Equal([long_], await store.FindLeasesAsync(long_.Owner, null, default));
        Assert.Empty(await store.FindLeasesAsync(long_.Owner with { ContainerId = "a" }, null, default));
    }
}
