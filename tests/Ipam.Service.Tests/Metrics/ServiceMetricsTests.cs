using System.Text;
using Ipam.Core.Allocation;
using Ipam.Service.Metrics;
using Ipam.Service.Tests.Support;
using Prometheus;

namespace Ipam.Service.Tests.Metrics;

public sealed class ServiceMetricsTests
{
    private readonly ServiceMetrics _metrics = new();

    [Fact]
    public async Task A_request_is_counted_by_verb_and_result_in_the_bucket_of_its_time()
    {
        _metrics.Served("ADD", "ok", TimeSpan.FromMilliseconds(1));
        _metrics.Served("ADD", "ok", TimeSpan.FromSeconds(11));
        _metrics.Served("DEL", "spooled", TimeSpan.FromMilliseconds(3));

        var page = await PageAsync();

        Assert.Equal(0, page["""ipamsuite_request_duration_seconds_bucket{verb="ADD",result="ok",le="0.0005"}"""]);
        Assert.Equal(1, page["""ipamsuite_request_duration_seconds_bucket{verb="ADD",result="ok",le="0.001"}"""]);
        Assert.Equal(1, page["""ipamsuite_request_duration_seconds_bucket{verb="ADD",result="ok",le="10"}"""]);
        Assert.Equal(2, page["""ipamsuite_request_duration_seconds_count{verb="ADD",result="ok"}"""]);
        Assert.Equal(11.001, page["""ipamsuite_request_duration_seconds_sum{verb="ADD",result="ok"}"""], 6);
        Assert.Equal(1, page["""ipamsuite_request_duration_seconds_count{verb="DEL",result="spooled"}"""]);
    }

    [Fact]
    public async Task A_commit_is_counted_by_what_it_carried()
    {
        _metrics.Committed(requests: 5, blocks: 2, conflicts: 1, TimeSpan.FromMilliseconds(2));
        _metrics.Committed(requests: 1, blocks: 1, conflicts: 0, TimeSpan.FromMilliseconds(1));

        var page = await PageAsync();

        Assert.Equal(1, page["""ipamsuite_commit_requests_bucket{le="4"}"""]);
        Assert.Equal(2, page["""ipamsuite_commit_requests_bucket{le="8"}"""]);
        Assert.Equal(3, page["ipamsuite_commit_blocks_sum"]);
        Assert.Equal(2, page["ipamsuite_commit_duration_seconds_count"]);
        Assert.Equal(1, page["ipamsuite_commit_conflicts_total"]);
    }

    [Fact]
    public async Task A_failure_of_the_store_is_that_of_a_commit_only_if_there_was_something_to_commit()
    {
        Assert.Equal(0, (await PageAsync())["ipamsuite_commit_failures_total"]);
        _metrics.Failed(isCommit: false);
        _metrics.Failed(isCommit: true);

        var page = await PageAsync();

        Assert.Equal((2, 1), (page["ipamsuite_store_failures_total"], page["ipamsuite_commit_failures_total"]));
    }

    [Fact]
    public async Task Nothing_is_lost_between_threads()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                _metrics.Served("ADD", "ok", TimeSpan.FromMilliseconds(i % 600));
        })));

        Assert.Equal(40_000, (await PageAsync())["""ipamsuite_request_duration_seconds_count{verb="ADD",result="ok"}"""]);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Readiness_and_the_spool_are_shown_as_they_are(bool isReady, double shown)
    {
        var page = await PageAsync(isReady, spooled: 3);

        Assert.Equal((shown, shown), (page["ipamsuite_ready"], page["ipamsuite_store_up"]));
        Assert.Equal(3, page["ipamsuite_spooled_releases"]);
        Assert.Equal((5, 2), (page["ipamsuite_requests_waiting"], page["ipamsuite_cooldowns_waiting"]));
    }

    [Fact]
    public async Task Only_one_that_may_lead_says_whether_it_does()
    {
        Assert.False((await PageAsync()).Samples.ContainsKey("ipamsuite_leader"));

        _metrics.Leads(false);
        Assert.Equal(0, (await PageAsync())["ipamsuite_leader"]);
    }

    [Theory]
    [InlineData("ADD", "ok")]
    [InlineData("ADD", "100")]
    [InlineData("DEL", "ok")]
    public async Task What_is_to_be_expected_has_a_series_before_it_happens(string verb, string result) =>
        Assert.Equal(0, (await PageAsync())[$$"""ipamsuite_request_duration_seconds_count{verb="{{verb}}",result="{{result}}"}"""]);

    [Fact]
    public async Task The_process_tells_what_it_uses()
    {
        var page = await PageAsync();

        Assert.InRange(page["process_resident_memory_bytes"], 1 << 20, 1L << 40);
        Assert.InRange(page["process_cpu_seconds_total"], 0.001, 1_000_000);
    }

    private async Task<PrometheusPage> PageAsync(bool isReady = true, int spooled = 0)
    {
        using var page = new MemoryStream();
        await _metrics.WriteAsync(page, ExpositionFormat.PrometheusText, new Levels(isReady, IsStoreUp: isReady, spooled, new QueueLengths(5, 2)), default);
        return PrometheusPage.Parse(Encoding.UTF8.GetString(page.ToArray()));
    }
}
