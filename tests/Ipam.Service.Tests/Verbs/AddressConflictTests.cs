using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>What the plugin found in use on the wire, it tells with its next ADD.</summary>
public sealed class AddressConflictTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private const string Mac = "02:00:00:00:00:09";

    [Fact]
    public async Task It_is_set_aside_and_another_one_is_given_and_the_repeated_ADD_gets_that_one()
    {
        var ipam = NetworkJson.Text("""
            "space": "wire", "ranges": [[{ "subnet": "10.2.0.0/24" }], [{ "subnet": "fd00::/64" }]]
            """);
        Assert.Equal("10.2.0.2/24 fd00::2/64", (await AddAsync(ipam, "")).Addresses);

        Assert.Equal("10.2.0.3/24 fd00::3/64", (await AddAsync(ipam, $"10.2.0.2={Mac},fd00::2={Mac}")).Addresses);
        Assert.Equal("10.2.0.3/24 fd00::3/64", (await AddAsync(ipam, "")).Addresses);
        Assert.Equal("10.2.0.3/24 fd00::3/64", (await AddAsync(ipam, $"10.2.0.2={Mac}")).Addresses);

        (await service.Client.CallAsync("del", ipam, "a")).EnsureOk();
        Assert.Empty(await service.Daemon.LeasesOf("a"));
        var owner = Owner.Conflict("net", Mac, "wire", Address.Parse("10.2.0.2"));
        Assert.Equal("here", Assert.Single(await service.Daemon.Store.FindLeasesAsync(owner, null, default)).Node);
        Assert.Equal(3, (await service.Daemon.MetricsAsync())["ipamsuite_addresses_in_use_total"]);
    }

    [Fact]
    public async Task Ten_minutes_later_it_is_handed_out_again()
    {
        var begin = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var time = new ManualTimeProvider(begin);
        await using var daemon = await TestDaemon.StartAsync(time);
        var ipam = NetworkJson.Text("""
            "subnet": "10.5.0.0/24", "order": "lowest"
            """);
        (await daemon.Client.CallAsync("add", ipam, "a")).EnsureOk();
        Assert.Equal("10.5.0.3/24", (await daemon.Client.CallAsync("add", ipam, "a", ("IPAM-Conflicts", $"10.5.0.2={Mac}"))).Addresses);
        var owner = Owner.Conflict("net", Mac, "default", Address.Parse("10.5.0.2"));

        await Wait.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return (await daemon.Store.FindLeasesAsync(owner, null, default)).Whole.Count == 0;
        });

        Assert.True(time.GetUtcNow() - begin >= TimeSpan.FromMinutes(10));
        Assert.Equal("10.5.0.2/24", (await daemon.Client.CallAsync("add", ipam, "b")).Addresses);
    }

    [Fact]
    public async Task Who_requests_one_is_told_who_has_it()
    {
        var ipam = NetworkJson.Text("""
            "space": "requests", "subnet": "10.3.0.0/24"
            """);
        (await AddAsync(ipam, "", "IP=10.3.0.9")).EnsureOk();

        var error = (await AddAsync(ipam, $"10.3.0.9={Mac}", "IP=10.3.0.9")).EnsureError(101);

        Assert.Equal($"requested IP address 10.3.0.9 is in use on the wire: {Mac} answered for it", error.Message);
        Assert.Matches("^it is kept from everybody until [0-9-]{10} [0-9:]{8}Z; find out what uses it, or request another address$", error.Details);
    }

    [Theory]
    [InlineData("10.2.0.2")]
    [InlineData("10.2.0.2=")]
    [InlineData("10.2.0.300=02:00:00:00:00:09")]
    [InlineData("10.2.0.2=02:00:00:00:00:09,")]
    [InlineData("10.2.0.2=a b")]
    [InlineData("10.2.0.2=a=b")]
    public async Task What_can_not_be_read_is_refused(string header) =>
        Assert.StartsWith("the header IPAM-Conflicts is \"10.2.0.", (await AddAsync(NetworkJson.Text("""
            "space": "refused", "subnet": "10.4.0.0/24"
            """), header.Replace(" ", "%20", StringComparison.Ordinal))).EnsureError(6).Message, StringComparison.Ordinal);

    private Task<ServiceAnswer> AddAsync(string ipam, string conflicts, string args = "") =>
        service.Client.CallAsync("add", ipam, "a", [.. conflicts.Length > 0 ? [("IPAM-Conflicts", conflicts)] : ((string, string)[])[], ("CNI_ARGS", args)]);
}
