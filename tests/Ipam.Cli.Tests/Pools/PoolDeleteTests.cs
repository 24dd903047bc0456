using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolDeleteTests : CatalogTest
{
    [Fact]
    public async Task It_deletes_a_pool_that_nobody_uses()
    {
        await CreateAsync();

        var outcome = await RunAsync("pool", "delete", "blue", "--yes");

        Assert.Equal((0, "deleted pool blue\n"), (outcome.ExitCode, outcome.Output));
        Assert.Empty((await CatalogAsync()).Pools);
    }

    [Fact]
    public async Task A_pool_in_use_stays_and_it_says_which_addresses()
    {
        await CreateAsync();
        await GiveAsync([.. Enumerable.Range(5, 12).Select(static last => Some.Lease($"10.1.0.{last}"))]);

        var outcome = await RunAsync("pool", "delete", "blue", "--yes");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(
            "ipamctl: not deleted: leases in the ranges of pool 'blue': 12 (10.1.0.5, 10.1.0.6, 10.1.0.7, 10.1.0.8, 10.1.0.9, 10.1.0.10, 10.1.0.11, "
            + "10.1.0.12, 10.1.0.13, 10.1.0.14 and 2 more). Disable it with 'ipamctl pool disable blue'", outcome.Error, StringComparison.Ordinal);
        Assert.Single((await CatalogAsync()).Pools);
    }

    [Fact]
    public async Task A_lease_of_a_reserved_address_is_use_too()
    {
        await CreateAsync();
        await DoAsync("reservation", "add", "10.1.0.5");
        await GiveAsync(Some.Lease("10.1.0.5"));

        Assert.Equal(4, (await RunAsync("pool", "delete", "blue", "--yes")).ExitCode);
    }

    [Fact]
    public async Task Leases_beside_its_ranges_or_of_another_space_are_no_use()
    {
        await CreateAsync();
        await GiveAsync(Some.Lease("10.1.1.5"), Some.Lease("10.1.0.5", space: "shop"));

        Assert.Equal(0, (await RunAsync("pool", "delete", "blue", "--yes")).ExitCode);
    }

    [Fact]
    public async Task By_force_it_goes_and_the_leases_stay()
    {
        await CreateAsync();
        await GiveAsync(Some.Lease("10.1.0.5"));
        Answer = static () => "y";

        var outcome = await RunAsync("pool", "delete", "blue", "--force");

        Assert.Equal((0, "deleted pool blue\n"), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("The 1 leases in its ranges stay. Who asks for pool 'blue' gets no address any more. Delete it? [y/N] ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(await LeasesAsync());
    }

    [Fact]
    public async Task It_is_deleted_only_by_yes()
    {
        await CreateAsync();
        Answer = static () => "n";
        var declined = await RunAsync("pool", "delete", "blue");
        Answer = null;
        var unasked = await RunAsync("pool", "delete", "blue");

        Assert.Equal((4, 4), (declined.ExitCode, unasked.ExitCode));
        Assert.EndsWith("ipamctl: not deleted: the answer was not yes.\n", declined.Error, StringComparison.Ordinal);
        Assert.EndsWith("Use --yes to delete without asking, --dry-run to only look.\n", unasked.Error, StringComparison.Ordinal);
        Assert.Single((await CatalogAsync()).Pools);
    }

    [Fact]
    public async Task A_dry_run_shows_the_pool_and_lets_it_be()
    {
        await CreateAsync();

        var outcome = await RunAsync("pool", "delete", "blue", "--dry-run", "--yes");

        Assert.Equal((0, "would delete pool blue\n"), (outcome.ExitCode, outcome.Output));
        Assert.Matches("^NAME +blue\n", outcome.Error);
        Assert.Single((await CatalogAsync()).Pools);
    }

    [Fact]
    public async Task A_pool_changed_meanwhile_stays()
    {
        await CreateAsync();
        Meanwhile(() => DoAsync("pool", "disable", "blue"));

        var outcome = await RunAsync("pool", "delete", "blue", "--yes");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith(
            "ipamctl: not deleted: pool 'blue' was changed meanwhile; nothing was written. Look with 'ipamctl pool show blue' and try again.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.True((await PoolAsync("blue")).IsDisabled);
    }

    [Fact]
    public async Task A_pool_deleted_meanwhile_is_not_found()
    {
        await CreateAsync();
        Meanwhile(() => RunAsync("pool", "delete", "blue", "--yes"));

        Assert.Equal(3, (await RunAsync("pool", "delete", "blue", "--yes")).ExitCode);
    }

    [Theory]
    [InlineData("pool", "document = 'no JSON'", "Nobody knows which ranges it has, and whether leases lie in them; such leases stay. Delete pool blue? [y/N] ")]
    [InlineData("pool", "document = '{}'", "Delete pool blue? [y/N] ")]
    [InlineData("reservation", "document = 'no JSON'", "Nobody knows which addresses it has; they will be handed out wherever a range has them. Delete reservation blue? [y/N] ")]
    [InlineData("reservation", "document = '{\"addresses\":[\"10.1.0.5\",\"x\"]}'", "Delete reservation blue? [y/N] ")]
    public async Task What_is_damaged_is_named_and_deleted_after_asking_and_can_be_created_anew(string kind, string damage, string question)
    {
        var create = kind == "pool" ? (string[])["pool", "create", "blue", "--range", "10.1.0.0/24"] : ["reservation", "add", "10.1.0.5", "--name", "blue"];
        await DoAsync(create);
        await SpoilAsync($"UPDATE {kind}s SET {damage}");

        var again = await RunAsync(create);
        var dry = await RunAsync(kind, "delete", "blue", "--dry-run");
        Answer = static () => "n";
        var declined = await RunAsync(kind, "delete", "blue");
        Assert.Single((await CatalogAsync()).Damaged);
        Answer = static () => "y";
        var deleted = await RunAsync(kind, "delete", "blue");

        Assert.Equal((4, ""), (again.ExitCode, again.Output));
        Assert.Contains($"there is {kind} 'blue' already", again.Error, StringComparison.Ordinal);
        Assert.Equal((0, $"would delete {kind} blue\n"), (dry.ExitCode, dry.Output));
        Assert.Contains($"the {kind} \"blue\" in SQLite store", dry.Error, StringComparison.Ordinal);
        Assert.Equal((4, ""), (declined.ExitCode, declined.Output));
        Assert.EndsWith(question, deleted.Error, StringComparison.Ordinal);
        Assert.Equal((0, $"deleted {kind} blue\n"), (deleted.ExitCode, deleted.Output));
        Assert.Empty((await CatalogAsync()).Damaged);
        await DoAsync(create);
    }

    private async Task SpoilAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private Task<string> CreateAsync() => DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24");
}
