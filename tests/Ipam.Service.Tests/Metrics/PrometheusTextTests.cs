using Ipam.Service.Metrics;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("sqlite:/var/lib/ipam.db", "sqlite:/var/lib/ipam.db")]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\\nb", "a\\\\nb")]
    [InlineData("{a=\"1\"} 5", "{a=\\\"1\\\"} 5")]
    public void Values_of_labels_are_escaped(string value, string written)
    {
        var text = new PrometheusText().Metric("m", "gauge", "A test.").Sample("m", PrometheusText.Label("l", value), 1);

        Assert.Equal(1, PrometheusPage.Parse(text.ToString())[$"m{{l=\"{written}\"}}"]);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.000125, "0.000125")]
    [InlineData(16777217, "16777217")]
    [InlineData(3.402823669209385E+38, "3.402823669209385E+38")]
    public void Numbers_keep_all_their_digits(double value, string written)
    {
        var text = new PrometheusText().Metric("m", "gauge", "A test.").Sample("m", "", value).ToString();

        Assert.Equal($"# HELP m A test.\n# TYPE m gauge\nm {written}\n", text);
        Assert.Equal(value, PrometheusPage.Parse(text)["m"]);
    }

    [Theory]
    [InlineData("m 1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm 1")]
    [InlineData("# HELP m t\n# TYPE m gauge\nn 1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm 1\nm 2\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm{a=\"1\",a=\"2\"} 1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm{a=\"\"\"} 1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm{a=\"1\",} 1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm  1\n")]
    [InlineData("# HELP m t\n# TYPE m gauge\nm 1,5\n")]
    [InlineData("# HELP m t\n# TYPE m guage\nm 1\n")]
    [InlineData("# HELP m t\n# TYPE m histogram\nm_bucket{le=\"1\"} 2\nm_bucket{le=\"+Inf\"} 1\nm_sum 1\nm_count 1\n")]
    [InlineData("# HELP m t\n# TYPE m histogram\nm_bucket{le=\"1\"} 1\nm_sum 1\nm_count 1\n")]
    [InlineData("# HELP m t\n# TYPE m histogram\nm_bucket{le=\"+Inf\"} 1\nm_sum 1\nm_count 2\n")]
    public void The_tests_own_reader_is_strict(string text) => Assert.ThrowsAny<Exception>(() => PrometheusPage.Parse(text));
}
