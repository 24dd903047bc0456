using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Reservations;

public sealed class ReservationTests : CatalogTest
{
    [Fact]
    public async Task What_is_added_is_listed()
    {
        Assert.Equal("added reservation dns in space default\n", await DoAsync("reservation", "add", "10.1.0.53", "--name", "dns", "--reason", "the resolver"));
        await DoAsync("reservation", "add", "10.1.0.0/30", "10.1.0.9-10.1.0.12", "fd00::1", "fd00::5", "--space", "shop");
        await GiveAsync(Some.Lease("10.1.0.53"), Some.Lease("10.1.0.9", space: "shop"), Some.Lease("fd00::5", space: "shop"), Some.Lease("fd00::5"));

        Assert.Equal(
            """
            NAME      SPACE    ADDRESSES                                HELD  REASON        AGE
            10.1.0.0  shop     10.1.0.0-10.1.0.3,10.1.0.9-10.1.0.12,+2  2     -             5m
            dns       default  10.1.0.53                                1     the resolver  5m

            """, await DoAsync("reservation", "list"));
        Assert.Contains("10.1.0.9-10.1.0.12,fd00::1,fd00::5 ", await DoAsync("reservation", "list", "-o", "wide"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_counts_each_address_once()
    {
        await DoAsync("reservation", "add", "10.1.0.0/30", "10.1.0.2-10.1.0.5", "--name", "low");

        Assert.Equal(
            """
            [
              {
                "name": "low",
                "space": "default",
                "addresses": [
                  "10.1.0.0-10.1.0.3",
                  "10.1.0.2-10.1.0.5"
                ],
                "reason": "",
                "onRequest": false,
                "status": {
                  "size": 6,
                  "held": 0,
                  "createdAt": "2026-03-04T12:00:00Z"
                }
              }
            ]

            """, await DoAsync("reservation", "list", "--space", "default", "-o", "json"));
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--space", "shop");
        Assert.Equal("[]\n", await DoAsync("reservation", "list", "--space", "shop", "-o", "json"));
    }

    [Theory]
    [InlineData("10.1.0.5-10.1.0.9", "10.1.0.5")]
    [InlineData("fd00::5", "fd00-0-0-0-0-0-0-5")]
    [InlineData("::/126", "0-0-0-0-0-0-0-0")]
    public async Task Without_a_name_it_is_called_by_its_first_address(string addresses, string name)
    {
        await DoAsync("reservation", "add", addresses);

        Assert.Equal(name, (await CatalogAsync()).Reservations.Single().Name);
    }

    [Fact]
    public async Task What_is_leased_already_is_told_and_stays()
    {
        await GiveAsync(Some.Lease("10.1.0.5"), Some.Lease("10.1.0.7"), Some.Lease("10.1.0.8"), Some.Lease("10.1.0.6", space: "shop"));

        var outcome = await RunAsync("reservation", "add", "10.1.0.5-10.1.0.7");

        Assert.Equal(
            new CliOutcome(
                0, "added reservation 10.1.0.5 in space default\n", "ipamctl: leased already, and left to those who hold them: 2 (10.1.0.5, 10.1.0.7).\n"),
            outcome);
        Assert.Equal(4, (await LeasesAsync()).Count);
    }

    [Theory]
    [InlineData("10.1.0.5/", "'10.1.0.5/' is none of: an address, a range such as 10.1.0.5-10.1.0.9, a prefix such as 10.1.0.0/28")]
    [InlineData("10.1.0.9-10.1.0.5", "'10.1.0.9-10.1.0.5' is none of: ")]
    [InlineData("10.1.0.5 --name DNS", "\"DNS\" is no name for a reservation: ")]
    [InlineData("10.1.0.5 --space /", "space \"/\" is no name")]
    [InlineData("--name dns", "Required argument 'ADDRESS' missing for command: 'add'.")]
    public async Task What_makes_no_reservation_is_a_wrong_option(string arguments, string expected)
    {
        var outcome = await RunAsync(["reservation", "add", .. arguments.Split(' ')]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Empty((await CatalogAsync()).Reservations);
    }

    [Fact]
    public async Task One_that_may_be_asked_for_says_so()
    {
        await DoAsync("reservation", "add", "10.1.0.5", "--on-request");

        Assert.True((await CatalogAsync()).Reservations.Single().OnRequest);
        Assert.Contains("\"onRequest\": true", await DoAsync("reservation", "list", "-o", "json"), StringComparison.Ordinal);
        Assert.Matches("ON REQUEST\n.* yes\n", await DoAsync("reservation", "list", "-o", "wide"));
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await DoAsync("reservation", "add", "10.1.0.5");

        var outcome = await RunAsync("reservation", "add", "10.1.0.5-10.1.0.9");

        Assert.Equal(
            new CliOutcome(4, "", "ipamctl: not added: there is reservation '10.1.0.5' already; give this one another name by --name.\n"), outcome);
        Assert.Equal("10.1.0.5", (await CatalogAsync()).Reservations.Single().Addresses.Single().ToString());
    }

    [Fact]
    public async Task It_is_shown_before_it_is_deleted_and_deleted_by_yes_alone()
    {
        await DoAsync("reservation", "add", "10.1.0.5", "--name", "dns");
        Answer = static () => "n";
        Assert.Equal(4, (await RunAsync("reservation", "delete", "dns")).ExitCode);
        Assert.Equal("would delete reservation dns\n", (await RunAsync("reservation", "delete", "dns", "--dry-run")).Output);
        Assert.Single((await CatalogAsync()).Reservations);
        Answer = static () => "y";

        var outcome = await RunAsync("reservation", "delete", "dns");

        Assert.Equal((0, "deleted reservation dns\n"), (outcome.ExitCode, outcome.Output));
        Assert.Matches("^NAME +dns\n(.*\n)+Its addresses will be handed out wherever a range has them. Delete reservation 'dns'\\? \\[y/N\\] $", outcome.Error);
        Assert.Empty((await CatalogAsync()).Reservations);
    }

    [Fact]
    public async Task One_that_is_not_there_is_not_found()
    {
        var outcome = await RunAsync("reservation", "delete", "dns", "--yes");

        Assert.Equal(
            new CliOutcome(
                3, "", $"ipamctl: there is no reservation 'dns' in {DatabaseUrl}; 'ipamctl reservation list' shows those that there are.\n"),
            outcome);
    }

    [Fact]
    public async Task One_made_anew_meanwhile_stays()
    {
        await DoAsync("reservation", "add", "10.1.0.5", "--name", "dns");
        Meanwhile(async () =>
        {
            await RunAsync("reservation", "delete", "dns", "--yes");
            await DoAsync("reservation", "add", "10.1.0.6", "--name", "dns");
        });

        var outcome = await RunAsync("reservation", "delete", "dns", "--yes");

        Assert.Equal(4, outcome.ExitCode);
        Assert.EndsWith(
            "ipamctl: not deleted: reservation 'dns' was changed meanwhile; nothing was written. Look with 'ipamctl reservation list' and try again.\n",
            outcome.Error, StringComparison.Ordinal);
        Assert.Equal("10.1.0.6", (await CatalogAsync()).Reservations.Single().Addresses.Single().ToString());
    }
}
