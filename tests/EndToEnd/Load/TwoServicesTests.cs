using EndToEnd.Load.Churn;
using EndToEnd.Support;
using Xunit.Abstractions;

namespace EndToEnd.Load;

/// <summary>Two services on one SQLite file: compare-and-swap decides who gets what.</summary>
public sealed class TwoServicesTests : IDisposable
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
    [InlineData("lowest")]
    [InlineData("random")]
    public async Task Sixteen_callers_never_share_an_address_and_get_the_same_answer_from_either(string order)
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
            for (var audit = 0; audit < 3 && !working.IsCompleted; audit++)
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
        _output.WriteLine($"{tenures.Count} tenures, {await here.Http.MetricAsync("ipam_commit_conflicts_total")} conflicts");
        Assert.True(await here.Http.MetricAsync("ipam_commit_conflicts_total") > 0, "the two never met");
        Overlap.EnsureNone(tenures);
    }

    /// <summary>Parts of three blocks of each family, with room for just the crowd.</summary>
    private const string Ranges =
        """ "ranges": [[{ "subnet": "10.4.0.0/24", "rangeStart": "10.4.0.50", "rangeEnd": "10.4.0.132" }], [{ "subnet": "fd00:4::/120", "rangeStart": "fd00:4::20", "rangeEnd": "fd00:4::81" }]] """;
}
