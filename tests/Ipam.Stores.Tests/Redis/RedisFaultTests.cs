using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>A server that is down, slow, or cut off at the worst moment.</summary>
public sealed class RedisFaultTests : IClassFixture<RedisServerFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly RedisServer _server;
    private readonly FaultProxy _proxy;
    private RedisStore _store = null!;

    public RedisFaultTests(RedisServerFixture fixture)
    {
        _server = fixture.Server;
        Assert.Equal("OK", _server.Tell("FLUSHALL"));
        _proxy = FaultProxy.Before(_server.Port);
    }

    public async Task InitializeAsync() => _store = await RedisServer.OpenAsync(OptionsFor(_proxy.Port));

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_an_error_that_names_it_and_not_the_password()
    {
        _proxy.Mode = FaultMode.Refuse;
        await using var store = new RedisStore(OptionsFor(_proxy.Port) with { Password = "s3cret" });

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains($"Redis store redis://127.0.0.1:{_proxy.Port}/0: failed to connect: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Check that the server is up", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.False(error.IsPermanent);
    }

    [Fact]
    public async Task A_server_that_hangs_is_an_error_within_the_time_out_and_later_it_works_again()
    {
        var block = await GiveAsync("10.0.0.1");
        _proxy.Mode = FaultMode.Hang;
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<StoreException>(() => _store.ReadBlocksAsync([block], default));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, 4 * Patience);
        Assert.Contains("failed to read blocks", error.Message, StringComparison.Ordinal);
        _proxy.Mode = FaultMode.Pass;
        await RecoverAsync();
        Assert.Single(await _store.ReadBlocksAsync([block], default));
    }

    [Fact]
    public async Task A_connection_that_is_lost_and_one_that_is_made_again_is_an_interruption_each_and_vain_attempts_are_none()
    {
        Assert.Equal(0, _store.Past.Interruptions);
        _proxy.Mode = FaultMode.Refuse;
        _proxy.Cut();
        await Wait.UntilAsync(() => _store.Past.Interruptions == 1);
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(1, _store.Past.Interruptions);

        _proxy.Mode = FaultMode.Pass;
        await RecoverAsync();
        await Wait.UntilAsync(() => _store.Past.Interruptions == 2);
    }

    [Fact]
    public async Task A_server_that_was_away_when_it_was_to_be_opened_was_interrupted()
    {
        _proxy.Mode = FaultMode.Refuse;
        await using var store = new RedisStore(OptionsFor(_proxy.Port));
        await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
        _proxy.Mode = FaultMode.Pass;
        await store.OpenAsync(default);
        Assert.Equal(1, store.Past.Interruptions);
    }

    [Fact]
    public async Task Who_gives_up_waiting_isnt_kept_waiting()
    {
        _proxy.Mode = FaultMode.Hang;
        using var cancel = new CancellationTokenSource();
        var ping = _store.PingAsync(cancel.Token);
        Assert.False(ping.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ping);
    }

    [Fact]
    public async Task Who_gives_up_connecting_isnt_kept_waiting()
    {
        _proxy.Mode = FaultMode.Hang;
        await using var store = new RedisStore(OptionsFor(_proxy.Port) with { ConnectTimeout = TimeSpan.FromMinutes(1) });
        using var cancel = new CancellationTokenSource();
        var open = store.OpenAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_commit_was_given_up_no_other_is_sent_until_the_server_answers(bool byItsCaller)
    {
        await using var store = await RedisServer.OpenAsync(_server.Options with { CallTimeout = byItsCaller ? TimeSpan.FromMinutes(1) : Patience / 2 });
        var blocks = await store.ReadBlocksAsync([await GiveAsync("10.0.0.1"), await GiveAsync("10.0.1.1"), await GiveAsync("10.0.2.1")], default);
        _server.Signal("STOP");
        foreach (var block in blocks)
        {
            using var caller = new CancellationTokenSource(byItsCaller ? Patience / 2 : Timeout.InfiniteTimeSpan);
            var commit = store.CommitAsync([Change.Give(block, Some.Lease(block.Id.AddressAt(9)))], caller.Token);
            if (byItsCaller)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
            else
                await Assert.ThrowsAsync<StoreException>(() => commit);
        }

        _server.Signal("CONT");
        await RedisServer.RecoverAsync(store);
        await _store.PingAsync(default);

        // The first one was in the server's socket when it stopped.
        Assert.Equal(2, (await store.ReadBlocksAsync([blocks[0].Id], default))[0].Leases.Count);
        Assert.Equal(blocks.Skip(1), await store.ReadBlocksAsync([.. blocks.Skip(1).Select(block => block.Id)], default));
        var again = await store.CommitAsync([Change.Give(blocks[1], Some.Lease("10.0.1.2"))], default);
        Assert.Equal(CommitStatus.Committed, again[0].Status);
    }

    [Fact]
    public async Task What_was_refused_without_a_connection_is_not_sent_when_there_is_one_again()
    {
        _proxy.Mode = FaultMode.Refuse;
        _proxy.Cut();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<StoreException>(() => GiveAsync($"10.0.{i}.1"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, 5 * Patience);

        _proxy.Mode = FaultMode.Pass;
        await RecoverAsync();

        Assert.Empty(await ListAsync());
        Assert.Empty(await _store.ListSpacesAsync(default));
    }

    [Fact]
    public async Task A_slow_server_is_only_slow()
    {
        _proxy.Delay = TimeSpan.FromMilliseconds(100);

        Assert.Single(await _store.ReadBlocksAsync([await GiveAsync("10.0.0.1")], default));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_made_anew()
    {
        for (var i = 0; i < 3; i++)
        {
            _proxy.Cut();
            await RecoverAsync();
            await GiveAsync($"10.0.{i}.1");
        }
        Assert.Equal(3, (await ListAsync()).Count);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_an_error_and_was_written_once()
    {
        // The block is there, so that the script is all that is sent.
        var id = await GiveAsync("10.0.0.1");
        var block = Assert.Single(await _store.ReadBlocksAsync([id], default));
        var change = Change.Give(block, Some.Lease("10.0.0.2"));
        var struck = _proxy.CutBeforeAnswerTo("EVALSHA");

        var error = await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([change], default));

        await struck;
        Assert.Contains("failed to commit: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("What was asked may have been done", error.Message, StringComparison.Ordinal);
        await RecoverAsync();
        var after = Assert.Single(await _store.ReadBlocksAsync([id], default));
        Assert.Equal(change.Block.Leases, after.Leases);
        Assert.Equal(block.Version + 1, after.Version);
    }

    [Fact]
    public async Task Whatever_is_cut_off_each_commit_is_there_whole_or_not_at_all()
    {
        var answered = new List<string>();
        var tried = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            await RecoverAsync();
            var address = $"10.0.{i}.1";
            tried.Add(address);
            var commit = _store.CommitAsync([Change.Give(Some.NoBlock(address), Some.Lease(address)), Change.Give(Some.NoBlock($"10.1.{i}.0"), Some.Lease($"10.1.{i}.1"))], default);
            _proxy.Cut();
            try
            {
                await commit;
                answered.Add(address);
            }
            catch (StoreException)
            {
                // It may have been written all the same.
            }
        }

        await RecoverAsync();
        var held = (await ListAsync()).SelectMany(block => block.Leases).Select(lease => lease.Address.ToString()).ToList();
        Assert.Equal(held.Count, held.Distinct().Count());
        Assert.Empty(answered.Except(held));
        foreach (var address in tried)
            Assert.Equal(held.Contains(address), held.Contains(address.Replace("10.0.", "10.1.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_server_may_forget_the_scripts()
    {
        await GiveAsync("10.0.0.1");
        Assert.Equal("OK", _server.Tell("SCRIPT", "FLUSH"));

        await GiveAsync("10.0.1.1");

        Assert.Equal(2, (await ListAsync()).Count);
    }

    private RedisStoreOptions OptionsFor(int port) => _server.Options with { Hosts = [("127.0.0.1", port)], ConnectTimeout = 2 * Patience, CallTimeout = Patience };

    private async Task<Core.Blocks.BlockId> GiveAsync(string address)
    {
        var change = Change.Give(Some.NoBlock(address), Some.Lease(address));
        Assert.Equal(CommitStatus.Committed, Assert.Single(await _store.CommitAsync([change], default)).Status);
        return change.Block.Id;
    }

    private Task RecoverAsync() => RedisServer.RecoverAsync(_store);

    private async Task<List<Core.Blocks.Block>> ListAsync()
    {
        var blocks = new List<Core.Blocks.Block>();
        await foreach (var page in _store.ListBlocksAsync(BlockFilter.All, default))
            blocks.AddRange(page);
        return blocks;
    }
}
