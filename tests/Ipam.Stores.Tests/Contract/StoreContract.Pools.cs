using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Pools and reservations, by compare-and-swap.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task A_store_without_pools_has_an_empty_catalog()
    {
        var catalog = await Store.Pools.ReadAsync(default);

        Assert.Empty(catalog.Pools);
        Assert.Empty(catalog.Reservations);
        Assert.Equal(catalog.Revision, await Store.Pools.ReadRevisionAsync(default));
    }

    [Fact]
    public async Task A_pool_comes_back_as_it_was_written()
    {
        var pool = FullPool("blue");
        var before = DateTimeOffset.UtcNow.AddMinutes(-5);

        Assert.True(await Store.Pools.PutAsync(pool, default));

        var read = Assert.Single((await Store.Pools.ReadAsync(default)).Pools);
        Assert.Equal(Text(pool), Text(read));
        Assert.True(read.Version > 0);
        Assert.InRange(read.CreatedAt, before, before.AddMinutes(10));
    }

    [Fact]
    public async Task A_reservation_comes_back_as_it_was_written()
    {
        var reservation = SomeReservation("printers") with { Reason = "old \"printers\" ü 🖨", OnRequest = true };

        Assert.True(await Store.Pools.PutAsync(reservation, default));

        var read = Assert.Single((await Store.Pools.ReadAsync(default)).Reservations);
        Assert.Equal((reservation.Name, reservation.Space, reservation.Reason, true), (read.Name, read.Space, read.Reason, read.OnRequest));
        Assert.Equal(reservation.Addresses, read.Addresses);
        Assert.True(read.Version > 0);
    }

    [Fact]
    public async Task A_pool_is_created_once_and_replaced_only_from_its_version()
    {
        Assert.True(await Store.Pools.PutAsync(SomePool("blue"), default));
        var first = await PoolAsync("blue");
        Assert.False(await Store.Pools.PutAsync(SomePool("blue"), default));

        Assert.True(await Store.Pools.PutAsync(first! with { IsDisabled = true }, default));
        var second = await PoolAsync("blue");
        Assert.True(second!.IsDisabled);
        Assert.NotEqual(first.Version, second.Version);
        Assert.Equal(first.CreatedAt, second.CreatedAt);
        Assert.False(await Store.Pools.PutAsync(first, default));
        Assert.False(await Store.Pools.PutAsync(SomePool("red") with { Version = second.Version }, default));
        Assert.Equal(["blue"], (await Store.Pools.ReadAsync(default)).Pools.Select(pool => pool.Name));
    }

    [Fact]
    public async Task A_pool_is_deleted_only_from_its_version_and_its_version_never_comes_back()
    {
        await Store.Pools.PutAsync(SomePool("blue"), default);
        var old = await PoolAsync("blue");
        await Store.Pools.PutAsync(old!, default);
        var current = await PoolAsync("blue");

        Assert.False(await Store.Pools.DeleteAsync(old!, default));
        Assert.True(await Store.Pools.DeleteAsync(current!, default));
        Assert.False(await Store.Pools.DeleteAsync(current!, default));
        Assert.False(await Store.Pools.PutAsync(current!, default));
        Assert.Null(await PoolAsync("blue"));

        await Store.Pools.PutAsync(SomePool("blue"), default);
        Assert.DoesNotContain((await PoolAsync("blue"))!.Version, new[] { old!.Version, current!.Version });
        Assert.False(await Store.Pools.PutAsync(current, default));
    }

    [Fact]
    public async Task A_reservation_is_created_replaced_and_deleted_by_its_version_as_a_pool_is()
    {
        Assert.True(await Store.Pools.PutAsync(SomeReservation("a"), default));
        Assert.False(await Store.Pools.PutAsync(SomeReservation("a"), default));
        var first = Assert.Single((await Store.Pools.ReadAsync(default)).Reservations);
        Assert.True(await Store.Pools.PutAsync(first with { Reason = "why" }, default));
        var second = Assert.Single((await Store.Pools.ReadAsync(default)).Reservations);

        Assert.Equal("why", second.Reason);
        Assert.False(await Store.Pools.PutAsync(first, default));
        Assert.False(await Store.Pools.DeleteAsync(first, default));
        Assert.True(await Store.Pools.DeleteAsync(second, default));
        Assert.False(await Store.Pools.DeleteAsync(second, default));
        Assert.Empty((await Store.Pools.ReadAsync(default)).Reservations);
    }

    [Fact]
    public async Task A_pool_and_a_reservation_may_have_the_same_name()
    {
        await Store.Pools.PutAsync(SomePool("same"), default);
        await Store.Pools.PutAsync(SomeReservation("same"), default);
        await Store.Pools.DeleteAsync((await PoolAsync("same"))!, default);

        Assert.Single((await Store.Pools.ReadAsync(default)).Reservations);
    }

    [Fact]
    public async Task Pools_are_listed_in_order_of_their_names()
    {
        string[] names = ["a", "a-b", "a.b", "a0", "b", new string('z', 253)];
        foreach (var name in names.Reverse())
        {
            await Store.Pools.PutAsync(SomePool(name), default);
            await Store.Pools.PutAsync(SomeReservation(name), default);
        }

        var catalog = await Store.Pools.ReadAsync(default);
        Assert.Equal(names, catalog.Pools.Select(pool => pool.Name));
        Assert.Equal(names, catalog.Reservations.Select(reservation => reservation.Name));
    }

    [Fact]
    public async Task The_revision_changes_with_every_change_of_a_pool_or_a_reservation_and_with_nothing_else()
    {
        var seen = new HashSet<long> { await Store.Pools.ReadRevisionAsync(default) };
        async Task Changes(Task<bool> change)
        {
            Assert.True(await change);
            Assert.True(seen.Add(await NextRevisionAsync(seen)));
        }

        await Changes(Store.Pools.PutAsync(SomePool("a"), default));
        await Changes(Store.Pools.PutAsync((await PoolAsync("a"))! with { IsDisabled = true }, default));
        await Changes(Store.Pools.PutAsync(SomeReservation("r"), default));
        await Changes(Store.Pools.DeleteAsync((await PoolAsync("a"))!, default));
        await Changes(Store.Pools.DeleteAsync((await Store.Pools.ReadAsync(default)).Reservations[0], default));

        var last = await Store.Pools.ReadRevisionAsync(default);
        await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        Assert.False(await Store.Pools.DeleteAsync(SomePool("none") with { Version = 1 }, default));
        Assert.Equal(last, await Store.Pools.ReadRevisionAsync(default));
        Assert.Equal(last, (await Store.Pools.ReadAsync(default)).Revision);
    }

    [Fact]
    public async Task Of_many_who_change_a_pool_at_once_exactly_one_wins()
    {
        var clients = new[] { Store, await AnotherClientAsync() };
        await Store.Pools.PutAsync(SomePool("blue"), default);
        for (var round = 0; round < 5; round++)
        {
            var pool = (await PoolAsync("blue"))!;
            var won = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                Task.Run(() => clients[i % 2].Pools.PutAsync(pool with { Namespaces = [$"ns-{i}"] }, default))));

            Assert.Single(won, true);
            Assert.Equal($"ns-{Array.IndexOf(won, true)}", Assert.Single((await PoolAsync("blue"))!.Namespaces));
        }
    }

    [Fact]
    public async Task Pools_outlive_the_clients_and_another_client_sees_them()
    {
        await Store.Pools.PutAsync(SomePool("blue"), default);
        var pool = await PoolAsync("blue");
        var other = await AnotherClientAsync();
        Assert.Equal("blue", Assert.Single((await other.Pools.ReadAsync(default)).Pools).Name);

        await CloseAllAsync();
        await AnotherClientAsync();

        var again = await PoolAsync("blue");
        Assert.Equal((Text(pool!), pool!.Version, pool.CreatedAt), (Text(again!), again!.Version, again.CreatedAt));
    }

    /// <summary>The revision after a change. A store that is told of changes waits here until it shows one that wasn't seen before.</summary>
    protected virtual Task<long> NextRevisionAsync(IReadOnlySet<long> seen) => Store.Pools.ReadRevisionAsync(default);

    private async Task<Pool?> PoolAsync(string name) => (await Store.Pools.ReadAsync(default)).Pools.SingleOrDefault(pool => pool.Name == name);

    private static string Text(Pool pool) => $"{pool.Name} {JsonText.Of(json => PoolJson.Write(json, pool))}";

    private static Pool SomePool(string name) => new() { Name = name, Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] };

    private static Reservation SomeReservation(string name) => new()
    {
        Name = name,
        Addresses = [AddressRangeOf("10.1.0.5"), AddressRangeOf("10.1.0.8-10.1.0.9"), AddressRangeOf("fd00::/64")],
    };

    private static Pool FullPool(string name) => new()
    {
        Name = name,
        Space = "red",
        Ranges =
        [
            new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16"), First = Address.Parse("10.1.1.0"), Last = Address.Parse("10.1.2.0"),
                Gateway = Address.Parse("10.1.0.1"), Excluded = [AddressRangeOf("10.1.1.7"), AddressRangeOf("10.1.1.9-10.1.1.12")] },
            new PoolRange { Subnet = Prefix.Parse("10.2.0.0/24") },
            new PoolRange { Subnet = Prefix.Parse("10.3.0.0/24"), HasGatewayByDefault = false, SkipEdges = true, AllowOutside = true },
        ],
        Routes = [new PoolRoute(Prefix.Parse("0.0.0.0/0"), null), new PoolRoute(Prefix.Parse("10.0.0.0/8"), Address.Parse("10.1.0.2"))],
        Policy = new AllocationPolicy
        {
            Order = AllocationOrder.Random,
            Affinity = BlockAffinity.Node,
            IsStrict = true,
            Cooldown = TimeSpan.FromSeconds(90),
            ReusesCooling = true,
            IsSticky = true,
            StickyFor = TimeSpan.FromHours(1),
        },
        NodeSelector = new NodeSelector { Nodes = ["n1", "n2"], Labels = new Dictionary<string, string> { ["zone"] = "eu", ["a/b"] = "" } },
        Namespaces = ["shop", "web"],
        NamespaceSelector = new LabelSelector { Labels = new Dictionary<string, string> { ["tier"] = "gold" } },
        PodSelector = new LabelSelector { Labels = new Dictionary<string, string> { ["a/b"] = "", ["app"] = "web" } },
        Networks = ["pods", "net 100% ü"],
        Quotas = new Dictionary<string, long> { ["shop"] = 0, ["*"] = 1_000_000 },
        IsDisabled = true,
    };

    private static AddressRange AddressRangeOf(string text) => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text);
}
