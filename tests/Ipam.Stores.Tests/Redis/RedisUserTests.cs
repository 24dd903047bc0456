using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Redis;

/// <summary>Users of the server's access control list.</summary>
public sealed class RedisUserTests : IAsyncLifetime
{
    internal const string Password = "p a:s@s/%";

    // As docs/stores.md lists them; a test holds that.
    internal static readonly string[] Needed =
    [
        "+evalsha", "+eval", "+get", "+set", "+hget", "+hmget", "+hset", "+hdel", "+hgetall", "+incr", "+zadd", "+zrem", "+zcard", "+zrangebylex", "+sadd",
        "+smembers", "+xadd", "+xlen", "+xinfo", "+xtrim", "+xrange", "+pexpire", "+ping", "+echo", "+info", "+hello", "+client|setname", "+client|id",
    ];

    private RedisServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartNewAsync();
        AddUser(_server, "ipam", Needed);
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_user_needs_no_more_rights_than_the_documented_ones(bool oldProtocol)
    {
        await using var store = await RedisServer.OpenAsync(As("ipam") with { UsesOldProtocol = oldProtocol });

        await UseAsync(store);
        Assert.Contains("refuses CONFIG GET", Assert.Single(store.Warnings), StringComparison.Ordinal);
        var denied = _server.Tell("ACL", "LOG");
        Assert.DoesNotContain("ipam:", denied, StringComparison.Ordinal);
        Assert.DoesNotContain("lua", denied, StringComparison.Ordinal);
    }
    [Fact]
    public async Task Whatever_right_is_missing_is_named_and_nothing_is_half_written()
    {
        await using var store = await RedisServer.OpenAsync(As("ipam"));
        await CommitAsync(store, Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var dump = File.ReadAllText(RepositoryRoot.PathOf("tests/Ipam.Stores.Tests/Redis/Golden/dump.lua"));
        var before = Dump();
        foreach (var right in new[] { "evalsha", "hget", "hset", "hdel", "incr", "zadd", "zrem" })
        {
            Assert.Equal("OK", _server.Tell("ACL", "SETUSER", "ipam", $"-{right}"));
            var change = Change.Give(Some.NoBlock("10.0.1.0"), Some.Lease("10.0.1.1"));

            var error = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync([change], default));

            Assert.Contains(right, error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("allow it the keys ipam:* and the commands that docs/stores.md lists", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, Dump());
            Assert.Equal("OK", _server.Tell("ACL", "SETUSER", "ipam", $"+{right}"));
        }

        // The revision may be a higher one: no version is given twice, and none need follow another.
        string Dump() => string.Join('\n', _server.Tell("EVAL", dump, "0").Split('\n').Where(line => !line.Contains(":revision", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_the_rights_of_the_history_all_is_as_before_there_was_one()
    {
        AddUser(_server, "older", [.. Needed, "-xadd", "-xlen", "-xinfo", "-xtrim", "-xrange", "-pexpire"]);
        await using var store = await RedisServer.OpenAsync(As("older"));
        var lease = Some.Lease("10.0.0.1");
        await CommitAsync(store, Change.Give(Some.NoBlock(), lease));

        Assert.Contains("no history may be kept", store.Warnings[^1], StringComparison.Ordinal);
        Assert.Equal(lease, Assert.Single(await store.FindLeasesAsync(lease.Owner, null, default)));
        Assert.Equal("0", _server.Tell("EXISTS", "ipam:{space/default}:history/000"));
    }

    [Theory]
    [InlineData("ipam", "wrong")]
    [InlineData("impa", Password)]
    [InlineData("ipam", null)]
    public async Task A_user_that_the_server_doesnt_know_so_is_refused_though_the_default_user_may_do_all(string user, string? password)
    {
        await using var store = new RedisStore(As(user) with { Password = password });

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains("failed to connect: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("The server wants a password, or another one; give it as redis://[user]:password@...", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p a:s@s", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_even_connect_is_told_of_the_commands_that_are_needed()
    {
        AddUser(_server, "guest", "+get");
        await using var store = new RedisStore(As("guest"));

        var error = await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));

        Assert.Contains("failed to connect: no connection", error.Message, StringComparison.Ordinal);
        Assert.Contains("may run the commands that docs/stores.md lists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_others_are_out_of_reach()
    {
        AddUser(_server, "other", [.. Needed, "resetkeys", "~other:*"]);
        await using var store = await RedisServer.OpenAsync(As("other"));

        var error = await Assert.ThrowsAsync<StoreException>(() => store.Leaders.FindAsync("gc", default));

        Assert.Contains("NOPERM", error.Message, StringComparison.Ordinal);
        Assert.Contains("allow it the keys ipam:*", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rights_are_those_of_the_documentation()
    {
        var page = File.ReadAllText(RepositoryRoot.PathOf("docs/stores.md"));
        var rule = page[page.IndexOf("ACL SETUSER ipam", StringComparison.Ordinal)..];

        Assert.Equal(Needed, rule[..rule.IndexOf("```", StringComparison.Ordinal)].Split([' ', '\n'], StringSplitOptions.None).Where(word => word.StartsWith('+')));
        Assert.StartsWith("ACL SETUSER ipam on >PASSWORD ~ipam:* resetchannels -@all ", rule, StringComparison.Ordinal);
    }

    private static async Task CommitAsync(RedisStore store, BlockChange change) =>
        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);

    internal static async Task UseAsync(RedisStore store)
    {
        var block = Some.NoBlock();
        var given = Change.Give(block, Some.Lease("10.0.0.1"));
        await CommitAsync(store, given);
        var read = Assert.Single(await store.ReadBlocksAsync([block.Id], default));
        Assert.Single(await store.FindLeasesAsync(given.Added[0].Owner, null, default));
        await CommitAsync(store, Change.Delete(read));
        Assert.Empty(await store.ListSummariesAsync(BlockFilter.All, default));
        Assert.Empty(await store.ListSpacesAsync(default));
        var leader = (await store.Leaders.FindAsync("gc", default))?.Version ?? "";
        Assert.NotNull(await store.Leaders.PutAsync("gc", new LeaderRecord("a", TimeSpan.FromSeconds(15), default, default, 0) { Version = leader }, default));
        Assert.Empty((await store.Pools.ReadAsync(default)).Pools);
    }

    private RedisStoreOptions As(string user) => _server.Options with { User = user, Password = Password, ConnectTimeout = TimeSpan.FromSeconds(2) };

    internal static void AddUser(RedisServer server, string name, params string[] commands) =>
        Assert.Equal("OK", server.Tell(["ACL", "SETUSER", name, "on", $">{Password}", "resetkeys", "~ipam:*", "resetchannels", "-@all", .. commands]));
}
