using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseReleaserTests : IAsyncLifetime, IDisposable
{
    private static readonly Lease Nine = Some.Lease("10.0.0.9");

    private readonly TempFolder _folder = new();
    private IIpamStore _store = null!;

    public async Task InitializeAsync() => _store = await StoreContent.OpenAsync(_folder.Combine("ipam.db"));

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static ReleaseReason ByAdmin => new(ReleaseCause.Admin, "root");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_release_keeps_all_else_of_the_block()
    {
        var neighbour = Some.Lease("10.0.0.10");
        var id = BlockId.Of("default", Nine.Address);
        Block With(params Lease[] leases) => new(id, leases) { Node = "node-a", LastSequence = Nine.Sequence, LastOffset = 10 };
        await _store.CommitAsync([new BlockChange(With(Nine, neighbour), [Nine, neighbour], [])], default);

        Assert.Equal(ReleaseOutcome.Released, await ReleaseAsync(_store));

        var after = Assert.Single(await _store.ReadBlocksAsync([id], default));
        Assert.Equal(With(neighbour) with { Version = after.Version }, after);
    }

    [Fact]
    public async Task A_released_address_cools_down_as_long_as_its_lease_says_beside_those_that_do_already()
    {
        var lease = Nine with { Cooldown = TimeSpan.FromSeconds(90) };
        var id = BlockId.Of("default", lease.Address);
        var before = new CoolingAddress(3, Some.Noon.AddSeconds(10));
        await _store.CommitAsync([new BlockChange(new Block(id, [lease]) { LastSequence = lease.Sequence, Cooling = [before] }, [lease], [])], default);

        var releaser = new LeaseReleaser(_store, new ManualTimeProvider(Some.Noon), new Random(1));
        Assert.Equal(ReleaseOutcome.Released, await releaser.ReleaseAsync(lease, ByAdmin, default));

        Assert.Equal([before, new CoolingAddress(9, Some.Noon.AddSeconds(90))], Assert.Single(await _store.ReadBlocksAsync([id], default)).Cooling);
    }

    [Fact]
    public async Task An_emptied_block_stays_and_remembers_its_sequence()
    {
        await _store.ChangeAsync([Nine], []);

        Assert.Equal(ReleaseOutcome.Released, await ReleaseAsync(_store));

        Assert.Empty(Assert.Single(await _store.ReadBlocksAsync([BlockId.Of("default", Nine.Address)], default)).Leases);
    }

    [Fact]
    public async Task A_second_release_finds_nothing()
    {
        await _store.ChangeAsync([Nine], []);
        await ReleaseAsync(_store);

        Assert.Equal(ReleaseOutcome.AlreadyGone, await ReleaseAsync(_store));
    }

    [Fact]
    public async Task Without_the_block_nothing_is_held() => Assert.Equal(ReleaseOutcome.AlreadyGone, await ReleaseAsync(_store));

    [Fact]
    public async Task Neighbours_that_come_and_go_only_delay_it()
    {
        await _store.ChangeAsync([Nine], []);
        var neighbours = new Queue<string>(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
        await using var busy = new MeddlingStore(_store, () =>
            neighbours.TryDequeue(out var address) ? _store.ChangeAsync([Some.Lease(address)], []) : Task.CompletedTask);

        Assert.Equal(ReleaseOutcome.Released, await ReleaseAsync(busy));

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"], (await _store.LeasesAsync()).Select(lease => lease.Address.ToString()));
    }

    [Fact]
    public async Task It_gives_up_on_a_block_that_never_rests()
    {
        await _store.ChangeAsync([Nine], []);
        var neighbour = Some.Lease("10.0.0.1");
        var tries = 0;
        await using var busy = new MeddlingStore(_store, () =>
            tries++ % 2 == 0 ? _store.ChangeAsync([neighbour], []) : _store.ChangeAsync([], [neighbour]));

        Assert.Equal(ReleaseOutcome.GaveUp, await ReleaseAsync(busy));

        Assert.Equal(LeaseReleaser.MaxAttempts, tries);
        Assert.Contains(Nine, await _store.LeasesAsync());
    }

    [Theory]
    [InlineData(1, "container")]
    [InlineData(-1, "container")]
    [InlineData(0, "other")]
    public async Task A_lease_that_is_not_that_very_one_stays(int sequence, string container)
    {
        var held = Nine with { Sequence = Nine.Sequence + sequence, Owner = Nine.Owner with { ContainerId = container } };
        await _store.ChangeAsync([held], []);

        Assert.Equal(ReleaseOutcome.HeldByAnother, await ReleaseAsync(_store));
        Assert.Equal([held], await _store.LeasesAsync());
    }

    [Fact]
    public async Task Of_many_at_once_exactly_one_releases()
    {
        await _store.ChangeAsync([Nine], []);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ReleaseAsync(_store))));

        Assert.Equal(1, outcomes.Count(outcome => outcome == ReleaseOutcome.Released));
        Assert.Equal(15, outcomes.Count(outcome => outcome == ReleaseOutcome.AlreadyGone));
    }

    private static Task<ReleaseOutcome> ReleaseAsync(IIpamStore store) =>
        new LeaseReleaser(store, TimeProvider.System, Random.Shared).ReleaseAsync(Nine, ByAdmin, default);
}
