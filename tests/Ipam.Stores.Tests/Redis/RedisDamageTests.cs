using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Damage;
using StackExchange.Redis;

namespace Ipam.Stores.Tests.Redis;

public sealed class RedisDamageTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    private const int Rounds = 20;
    private const int Wanted = 10_000;
    private const string Space = "ipam:{space/default}:";

    [Fact]
    public async Task Whatever_is_spoiled_on_the_server_the_rest_is_served_and_no_address_has_two_owners()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{fixture.Server.Port}");
        var (spoiled, damaged) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            fixture.Server.Tell("FLUSHALL");
            var game = new DamageGame(
                async () => await RedisServer.OpenAsync(fixture.Options), (random, blocks) => Spoil(connection.GetDatabase(), random, blocks));
            var counts = await game.PlayAsync(round);
            (spoiled, damaged) = (spoiled + counts.Spoiled, damaged + counts.Damaged);
        }
        Assert.True(spoiled >= Wanted, $"only {spoiled} objects were spoiled");
        Assert.True(damaged > Wanted / 4, $"only {damaged} blocks were found damaged");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Nothing_is_placed_in_a_block_with_a_damaged_lease(string? text)
    {
        fixture.Server.Tell("FLUSHALL");
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{fixture.Server.Port}");
        await using var store = await RedisServer.OpenAsync(fixture.Options);
        var old = await CommitAsync(store, Change.Give(Some.NoBlock(), Some.Lease("10.0.0.0")));
        await CommitAsync(store, Change.Give(old, Some.Lease("10.0.0.1")));
        var lease = (await connection.GetDatabase().HashGetAllAsync($"{Space}leases"))[0].Name;
        if (text is null)
            await connection.GetDatabase().HashDeleteAsync($"{Space}leases", lease);
        else
            await connection.GetDatabase().HashSetAsync($"{Space}leases", lease, text);

        var result = Assert.Single(await store.CommitAsync([Change.Give(old, Some.Lease("10.0.0.2")) with { Elsewhere = ulong.MaxValue }], default));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal(old.Id, Assert.Single(result.Current.Damaged).Id);
    }

    /// <summary>It arrives after its request was given up, and after the node made sure that it can't.</summary>
    [Fact]
    public async Task A_change_that_comes_late_is_placed_no_more()
    {
        fixture.Server.Tell("FLUSHALL");
        await using var store = await RedisServer.OpenAsync(fixture.Options);
        var old = await CommitAsync(store, Change.Give(Some.NoBlock(), Some.Lease("10.0.0.0")));
        var late = Change.Give(old, Some.Lease("10.0.0.1")) with { Elsewhere = ulong.MaxValue };
        var fenced = await CommitAsync(store, new BlockChange(old with { LastSequence = late.Added[0].Sequence + 1 }, [], []) { IsFence = true });
        var current = await CommitAsync(store, Change.Give(fenced, Some.Lease("10.0.0.2") with { Sequence = fenced.LastSequence + 1 }));

        Assert.Equal(CommitStatus.Conflict, Assert.Single(await store.CommitAsync([late], default)).Status);
        var younger = Change.Give(old, Some.Lease("10.0.0.1") with { Sequence = fenced.LastSequence + 2 }) with { Elsewhere = ulong.MaxValue };
        Assert.Equal(current.Held | 0b10, Assert.Single(Assert.Single(await store.CommitAsync([younger], default)).Current).Held);
    }

    [Theory]
    [InlineData("no entry")]
    [InlineData("x 1 {}")]
    [InlineData("7 x {}")]
    [InlineData("")]
    public async Task A_pool_of_which_not_even_the_version_can_be_read_can_be_deleted_and_is_kept_if_it_is_mended_meanwhile(string entry)
    {
        fixture.Server.Tell("FLUSHALL");
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{fixture.Server.Port}");
        await using var store = await RedisServer.OpenAsync(fixture.Options);
        var editor = new CatalogEditor(store);
        var pools = connection.GetDatabase();
        Assert.Equal(EditOutcome.Done, await editor.CreateAsync(new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] }, default));
        var good = pools.HashGet("ipam:{store}:pools", "blue");
        pools.HashSet("ipam:{store}:pools", "blue", entry);
        var damaged = Assert.Single((await store.Pools.ReadAsync(default)).Damaged);

        pools.HashSet("ipam:{store}:pools", "blue", good);
        Assert.Equal(EditOutcome.IsAnother, await editor.DeleteAsync(damaged, default));
        pools.HashSet("ipam:{store}:pools", "blue", entry);
        Assert.Equal(EditOutcome.Done, await editor.DeleteAsync(damaged, default));

        Assert.Empty((await store.Pools.ReadAsync(default)).Damaged);
        Assert.Equal(EditOutcome.IsGone, await editor.DeleteAsync(damaged, default));
    }

    private static async Task<Block> CommitAsync(RedisStore store, BlockChange change) =>
        change.Block with { Version = Assert.Single(await store.CommitAsync([change], default)).Version };

    private static int Spoil(IDatabase server, Random random, IReadOnlyList<Block> blocks)
    {
        var batch = server.CreateBatch();
        var leases = server.HashGetAll(Space + "leases").ToDictionary(static entry => (string)entry.Name!, static entry => (string)entry.Value!);
        var heads = server.HashGetAll(Space + "heads").ToDictionary(static entry => (string)entry.Name!, static entry => (string)entry.Value!);
        var owners = server.HashGetAll(Space + "owners").ToDictionary(static entry => (string)entry.Name!, static entry => (string)entry.Value!);
        foreach (var block in blocks)
        {
            var lease = block.Leases[random.Next(block.Leases.Count)];
            var (head, address, owner) = (Key(block.Id.AddressAt(0)), Key(lease.Address), $"{lease.Owner.Network}/{lease.Owner.ContainerId}/{lease.Owner.InterfaceName}");
            _ = random.Next(12) switch
            {
                0 => batch.HashDeleteAsync(Space + "heads", head),
                1 => batch.HashDeleteAsync(Space + "leases", address),
                2 => batch.HashSetAsync(Space + "leases", Key(block.Id.AddressAt(random.Next(10, 64))), leases[address]),
                3 => batch.HashSetAsync(Space + "owners", owner, Mutate(random, owners[owner], ';', ':')),
                4 => batch.HashDeleteAsync(Space + "owners", owner),
                5 => batch.SortedSetRemoveAsync(Space + "index", head),
                < 8 => batch.HashSetAsync(Space + "leases", address, Mutate(random, leases[address], ',', '"')),
                _ => batch.HashSetAsync(Space + "heads", head, Mutate(random, heads[head], ' ', ' ')),
            };
        }
        for (var i = 0; i < 10; i++)
        {
            var (hash, name) = random.Next(2) == 0 ? ("ipam:{store}:pools", $"pool-{i}") : ("ipam:{store}:reservations", $"reservation-{i}");
            _ = batch.HashSetAsync(hash, name, Mutate(random, server.HashGet(hash, name)!, ' ', '"'));
        }
        batch.Execute();
        server.Ping();
        return blocks.Count + 10;
    }

    private static string Key(Core.Addresses.Address address) => $"4{(uint)address.Value:x8}";

    /// <summary>The text with a field of it missing, twice, too long or another one, or with other bytes.</summary>
    private static RedisValue Mutate(Random random, string text, char separator, char other)
    {
        var fields = text.Split(random.Next(4) == 0 ? other : separator).ToList();
        var at = random.Next(fields.Count);
        var joint = text.Contains(separator, StringComparison.Ordinal) ? separator : other;
        switch (random.Next(9))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(at, fields[at]);
                break;
            case 2:
                fields[at] = new string('y', 20_000);
                break;
            case 3:
                fields[at] = random.NextInt64().ToString(null, null);
                break;
            case 4:
                fields[at] = ((string[])["", "-1", "0", "null", "{}", "[]", "\"x\"", "1e400", "9223372036854775808", "1099511627776", "%", "*", "%zz", "ffffffffffffffff"])[random.Next(14)];
                break;
            case 5:
                return text[..random.Next(text.Length)];
            case 6:
                return text + (char)random.Next(1, 255);
            default:
                var bytes = Encoding.UTF8.GetBytes(text);
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
        }
        return string.Join(joint, fields);
    }
}
