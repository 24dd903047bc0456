using Ipam.Cli.Tests.Support;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Leaders;

public sealed class LeaderTests : CommandTest
{
    // Its clock is a year ahead of ours.
    private static readonly LeaderRecord Record =
        new("node-a_7f", TimeSpan.FromSeconds(20), Some.Noon.AddYears(1), Some.Noon.AddYears(1).AddMinutes(50), 3);

    [Fact]
    public async Task The_leader_is_shown_as_its_record_says_whatever_our_clock_says()
    {
        await LeadAsync(Record);

        Assert.Equal(new CliOutcome(0,
            """
            ROLE         controller
            HOLDER       node-a_7f
            ACQUIRED     2027-03-04T12:00:00Z
            RENEWED      2027-03-04T12:50:00Z
            LED FOR      50m
            TERM         20s
            TRANSITIONS  3

            """, ""), await RunAsync("leader"));
    }

    [Fact]
    public async Task Scripts_get_the_same_as_JSON()
    {
        await LeadAsync(Record);

        Assert.Equal(
            """
            [
              {
                "role": "controller",
                "holder": "node-a_7f",
                "acquiredAt": "2027-03-04T12:00:00Z",
                "renewedAt": "2027-03-04T12:50:00Z",
                "termSeconds": 20,
                "transitions": 3
              }
            ]

            """, (await RunAsync("leader", "-o", "json")).Output);
    }

    [Fact]
    public async Task And_as_YAML()
    {
        await LeadAsync(Record);

        Assert.Equal(
            """
            - role: "controller"
              holder: "node-a_7f"
              acquiredAt: "2027-03-04T12:00:00Z"
              renewedAt: "2027-03-04T12:50:00Z"
              termSeconds: 20
              transitions: 3

            """, (await RunAsync("leader", "-o", "yaml")).Output);
    }

    [Fact]
    public async Task Without_a_record_nobody_leads()
    {
        await GiveAsync();

        Assert.Equal(
            new CliOutcome(3, "", $"ipamctl: nobody leads: {DatabaseUrl} has no record of a leader; on a store where nothing is done for all nodes, nobody stands for election.\n"),
            await RunAsync("leader"));
    }

    [Fact]
    public async Task One_who_gave_up_the_lead_leads_no_more()
    {
        await LeadAsync(Record with { Holder = "" });

        Assert.Equal(
            new CliOutcome(3, "", "ipamctl: nobody leads: the last leader gave up the lead, 2027-03-04T12:50:00Z by its clock; another ipamd takes it within minutes.\n"),
            await RunAsync("leader", "-o", "json"));
    }

    private async Task LeadAsync(LeaderRecord record)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        Assert.NotNull(await store.Leaders.PutAsync(LeaderRole.Controller, record, default));
    }
}
