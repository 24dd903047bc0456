using EndToEnd.Load.Churn;
using EndToEnd.Support;
using Xunit.Abstractions;

namespace EndToEnd.Load;

/// <summary>Two services on one SQLite file: compare-and-swap decides who gets what.</summary>
public sealed class TwoServicesTests : WholeMachineTests, IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly Site _here = new();
    private readonly Site _there;

    public TwoServicesTests(ITestOutputHelper output)
    {
        _output = output;
        _there = new Site(sharesDatabaseOf: _here);
    }

    public void Dispose()
    {
        _there.Dispose();
        _here.Dispose();
    }

    [Theory]
    [InlineData("next")]
    [InlineData("random")]
    public async Task Sixteen_callers_that_ask_either_never_share_an_address_and_get_the_same_answer_from_both(string order)
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        var network = new NetworkConfig("two") { Ipam = $"{Ranges}, \"order\": \"{order}\"" };
        await using var here = await Ipamd.StartAsync(_here);
        await using var there = await Ipamd.StartAsync(_there, "--node", "there");
        var crowd = new Crowd(network, [_here, _there], seed);

        var working = crowd.RunAsync(16);
        try
        {
            for (var audit = 0; audit < 2 && !working.IsCompleted; audit++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                crowd.Audit();
            }
        }
        finally
        {
            crowd.Stop();
            await working;
        }

        crowd.Audit();
        Assert.Equal(0, crowd.Unanswered);
        var tenures = crowd.Tenures();
        _output.WriteLine($"{tenures.Count} tenures, {await here.Http.MetricAsync("ipamsuite_commit_conflicts_total")} conflicts");
        Assert.True(await here.Http.MetricAsync("ipamsuite_commit_conflicts_total") > 0, "the two never met");
        Overlap.EnsureNone(tenures);
    }

    [Fact]
    public async Task A_DEL_through_another_service_releases_what_that_one_has_not_heard_of()
    {
        var network = new NetworkConfig("unheard") { Ipam = NetworkConfig.Dual };
        await using var here = await Ipamd.StartAsync(_here);
        await using var there = await Ipamd.StartAsync(_there, "--node", "there");
        _here.Add(network).EnsureSuccess();
        // The other service meets the IPv6 block, and learns of the first container's IPv6 address but not of its IPv4 address.
        _there.Add(network with { Ipam = NetworkConfig.V6 }, "another").EnsureSuccess();

        _there.Del(network).EnsureSuccess();

        Assert.All(Ipamctl.Leases(_here), static lease => Assert.Equal("another", lease.ContainerId));
    }

    /// <summary>Parts of three blocks of each family, with room for just the crowd.</summary>
    private const string Ranges =
        """ "ranges": [[{ "subnet": "10.4.0.0/24", "rangeStart": "10.4.0.50", "rangeEnd": "10.4.0.132" }], [{ "subnet": "fd00:4::/120", "rangeStart": "fd00:4::20", "rangeEnd": "fd00:4::81" }]] """;
}
