using EndToEnd.Support;

namespace EndToEnd.Lifecycle;

/// <summary>Everything is reachable with curl.</summary>
public sealed class HttpTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Theory]
    [InlineData("/healthz", "ok\n")]
    [InlineData("/readyz", "ready\n")]
    public void Health_and_readiness(string path, string answer) => Assert.Equal(answer, Curl(path));

    [Fact]
    public void Any_other_path_says_what_there_is() => Assert.Contains("/metrics", Curl("/nothing"), StringComparison.Ordinal);

    [Fact]
    public void Metrics_count_requests_commits_and_addresses()
    {
        var network = new NetworkConfig("metrics") { Ipam = """ "subnet": "10.77.0.0/29" """ };
        Site.Add(network, "one").EnsureSuccess();
        Site.Add(network, "two").EnsureSuccess();
        Site.Del(network, "two").EnsureSuccess();
        Site.Check(network, "two").EnsureError(102);

        var page = Curl("/metrics").Split('\n');

        Assert.All(
            [
                "ipamsuite_ready 1",
                "ipamsuite_spooled_releases 0",
                """ipamsuite_request_duration_seconds_count{verb="ADD",result="ok"} 2""",
                """ipamsuite_request_duration_seconds_count{verb="DEL",result="ok"} 1""",
                """ipamsuite_request_duration_seconds_count{verb="CHECK",result="102"} 1""",
                """ipamsuite_request_duration_seconds_bucket{verb="ADD",result="ok",le="+Inf"} 2""",
                """ipamsuite_range_addresses{space="metrics",range="10.77.0.2-10.77.0.6"} 5""",
                """ipamsuite_range_addresses_used{space="metrics",range="10.77.0.2-10.77.0.6"} 1""",
                """ipamsuite_range_addresses_free{space="metrics",range="10.77.0.2-10.77.0.6"} 4""",
                "ipamsuite_commit_conflicts_total 0",
            ],
            sample => Assert.Contains(sample, page));
        Assert.All(
            ["ipamsuite_commit_requests", "ipamsuite_commit_blocks", "ipamsuite_commit_duration_seconds"],
            name => Assert.Contains(page, line => line.StartsWith($"{name}_count ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)));
        Assert.All(
            page.Where(static line => line.Length > 0 && !line.StartsWith('#')),
            static line => Assert.Matches("""^[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.eE+-]+$""", line));
    }

    private string Curl(string path) => Command.Run("curl", "-sS", "--unix-socket", Site.Socket, $"http://ipamd{path}");
}
