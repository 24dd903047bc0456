using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Metrics;

public sealed class PrometheusPageTests
{
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
