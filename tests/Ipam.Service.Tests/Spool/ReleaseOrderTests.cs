using System.Diagnostics;
using System.Text;
using Cni.Protocol;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Spool;

/// <summary>Which leases a spooled DEL and a GC are about, whatever the wall clock does.</summary>
public sealed class ReleaseOrderTests
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.7.0.0/24"
        """);

    private const string NothingIsValid = """
        "cni.dev/valid-attachments": []
        """;

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_spooled_DEL_releases_its_lease_whatever_its_date_says(int days)
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();

        Spool(daemon, "c1", DateTimeOffset.UtcNow.AddDays(days), default);
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);

        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_DEL_of_ipamd_itself_is_carried_out_though_its_clock_was_set_back_since_the_ADD()
    {
        var time = new ShiftedTime();
        await using var daemon = await TestDaemon.StartAsync(time);
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        time.Shift = -TimeSpan.FromHours(5);
        daemon.Store.Break("gone");
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        daemon.Store.Mend();

        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);

        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_GC_frees_a_lease_from_a_clock_that_was_ahead()
    {
        var time = new ShiftedTime { Shift = TimeSpan.FromHours(5) };
        await using var daemon = await TestDaemon.StartAsync(time);
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        time.Shift = default;

        (await daemon.Client.CallAsync("gc", NetworkJson.Text("\"subnet\": \"10.7.0.0/24\"", NothingIsValid), null)).EnsureOk();

        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_DEL_that_undoes_an_ADD_spares_what_a_later_ADD_of_the_container_got()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        var answered = new MonotonicMoment(MonotonicMoment.ThisClock(), Stopwatch.GetTimestamp());
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();

        (await daemon.Client.CallAsync("del", Network, "c1", ("IPAM-Asked", answered.ToString()))).EnsureOk();

        Assert.Single(await daemon.LeasesOf("c1"));
        (await daemon.Client.CallAsync("del", Network, "c1")).EnsureOk();
        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_GC_spares_a_lease_that_an_ADD_is_answered_with_again_while_it_runs()
    {
        await using var daemon = await TestDaemon.StartAsync();
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
        var waiting = daemon.Store.Hang();
        var gc = daemon.Client.CallAsync("gc", NetworkJson.Text("\"subnet\": \"10.7.0.0/24\"", NothingIsValid), null);
        await waiting;
        var add = daemon.Client.CallAsync("add", Network, "c1");
        daemon.Store.Mend();
        (await add).EnsureOk();
        (await gc).EnsureOk();

        Assert.Single(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_GC_spares_what_is_handed_out_while_it_runs_though_the_clock_is_set_back()
    {
        var time = new ShiftedTime();
        await using var daemon = await TestDaemon.StartAsync(time);
        (await daemon.Client.CallAsync("add", Network, "old")).EnsureOk();
        var waiting = daemon.Store.Hang();
        var gc = daemon.Client.CallAsync("gc", NetworkJson.Text("\"subnet\": \"10.7.0.0/24\"", NothingIsValid), null);
        await waiting;
        time.Shift = -TimeSpan.FromHours(5);
        var add = daemon.Client.CallAsync("add", Network, "new");
        daemon.Store.Mend();
        await Task.WhenAll(gc, add);

        (await add).EnsureOk();
        (await gc).EnsureOk();
        Assert.Empty(await daemon.LeasesOf("old"));
        Assert.Single(await daemon.LeasesOf("new"));
    }

    [Fact]
    public async Task A_DEL_that_was_asked_for_before_an_ADD_and_spooled_after_it_spares_what_the_ADD_was_given()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var asked = new MonotonicMoment(MonotonicMoment.ThisClock(), Stopwatch.GetTimestamp());
        (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();

        Spool(daemon, "c1", DateTimeOffset.UtcNow.AddDays(1), asked);
        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);

        Assert.Single(await daemon.LeasesOf("c1"));
        (await daemon.Client.CallAsync("check", Network, "c1")).EnsureOk();
    }

    [Fact]
    public async Task A_DEL_that_is_spooled_while_an_ADD_of_the_same_owner_runs_ends_what_the_ADD_gets()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var waiting = daemon.Store.Hang();
        var add = daemon.Client.CallAsync("add", Network, "c1");
        await waiting;
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        // The spool is looked at while the ADD runs.
        Spool(daemon, "c1", DateTimeOffset.UtcNow, new MonotonicMoment(MonotonicMoment.ThisClock(), Stopwatch.GetTimestamp()));
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        daemon.Store.Mend();
        await add;

        await Wait.UntilAsync(() => daemon.Spooled.Length == 0);

        Assert.Empty(await daemon.LeasesOf("c1"));
    }

    [Fact]
    public async Task An_ADD_after_a_spooled_DEL_keeps_its_address_over_every_later_look_into_the_spool()
    {
        await using var daemon = await TestDaemon.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            (await daemon.Client.CallAsync("add", Network, "c1")).EnsureOk();
            Spool(daemon, "c1", DateTimeOffset.UtcNow.AddDays(1), default);
            var address = (await daemon.Client.CallAsync("add", Network, "c1")).Addresses;
            Assert.Empty(daemon.Spooled);
            Assert.Equal(address, $"{Assert.Single(await daemon.LeasesOf("c1")).Address}/24");
        }
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        (await daemon.Client.CallAsync("check", Network, "c1")).EnsureOk();
    }

    private static void Spool(TestDaemon daemon, string container, DateTimeOffset time, MonotonicMoment asked)
    {
        var environment = new CniEnvironment { Command = CniCommand.Del, ContainerId = container, IfName = "eth0" };
        new SpoolFolder(daemon.Options.Spool).Write(new SpooledRequest("net", environment, Encoding.UTF8.GetBytes(Network), time) { Asked = asked });
    }
}
