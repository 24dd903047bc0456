using Ipam.Service.Metrics;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Metrics;

public sealed class HistogramTests
{
    [Fact]
    public void A_bucket_counts_everything_up_to_its_bound_and_the_bound_itself()
    {
        var page = Page([1, 10], 0, 0.5, 1, 1.01, 10, 11);

        Assert.Equal(3, page["""h_bucket{le="1"}"""]);
        Assert.Equal(5, page["""h_bucket{le="10"}"""]);
        Assert.Equal(6, page["""h_bucket{le="+Inf"}"""]);
        Assert.Equal(6, page["h_count"]);
        Assert.Equal(23.51, page["h_sum"], 6);
    }

    [Fact]
    public void Without_observations_it_is_all_zero()
    {
        var page = Page([1]);

        Assert.Equal([0, 0, 0, 0], page.Samples.Values);
    }

    [Fact]
    public void Labels_stand_beside_the_bound()
    {
        var histogram = new Histogram([1]);
        histogram.Observe(2);
        var text = new PrometheusText().Metric("h", "histogram", "A test.");
        histogram.Write(text, "h", PrometheusText.Label("verb", "ADD"));

        Assert.Equal(1, PrometheusPage.Parse(text.ToString())["""h_bucket{verb="ADD",le="+Inf"}"""]);
    }

    [Fact]
    public async Task Nothing_is_lost_between_threads()
    {
        var histogram = new Histogram(Histogram.Counts);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                histogram.Observe(i % 600);
        })));
        var text = new PrometheusText().Metric("h", "histogram", "A test.");
        histogram.Write(text, "h", "");

        Assert.Equal(40_000, PrometheusPage.Parse(text.ToString())["h_count"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bounds_grow(bool seconds)
    {
        var bounds = seconds ? Histogram.Seconds : Histogram.Counts;
        Assert.Equal(bounds.Order().Distinct(), bounds);
    }

    private static PrometheusPage Page(double[] bounds, params double[] observations)
    {
        var histogram = new Histogram(bounds);
        foreach (var observation in observations)
            histogram.Observe(observation);
        var text = new PrometheusText().Metric("h", "histogram", "A test.");
        histogram.Write(text, "h", "");
        return PrometheusPage.Parse(text.ToString());
    }
}
