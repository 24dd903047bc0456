using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>CHECK asks the store.</summary>
public sealed class CheckTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void CHECK_of_what_was_never_added_fails_and_says_what_to_do()
    {
        var error = Site.Check(new NetworkConfig("never"), "nobody").EnsureError(102);

        Assert.Contains("nobody", error.Message, StringComparison.Ordinal);
        Assert.Contains("ADD", error.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void CHECK_fails_when_an_address_of_prevResult_is_another_containers()
    {
        var network = new NetworkConfig("swapped");
        Site.Add(network, "one").EnsureSuccess();
        var two = Site.Add(network, "two").EnsureSuccess();

        var error = Site.Check(network with { Runtime = $"\"prevResult\": {two.Stdout}" }, "one").EnsureError(102);

        Assert.Contains(two.Address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CHECK_passes_over_addresses_of_prevResult_that_another_plugin_gave()
    {
        var network = new NetworkConfig("foreign");
        var added = Site.Add(network).EnsureSuccess().Stdout;
        var more = added.Replace("\"ips\": [", "\"ips\": [{ \"address\": \"192.0.2.9/24\" },", StringComparison.Ordinal);
        Assert.NotEqual(added, more);

        Site.Check(network with { Runtime = $"\"prevResult\": {more}" }).EnsureSuccess();
    }

    [Fact]
    public void CHECK_fails_when_a_range_set_has_been_added_since()
    {
        var network = new NetworkConfig("grown");
        Site.Add(network).EnsureSuccess();

        var error = Site.Check(network with { Ipam = NetworkConfig.Dual }).EnsureError(102);

        Assert.Contains("fd00:1::", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    [InlineData("0.3.0")]
    [InlineData("0.3.1")]
    public void CHECK_needs_0_4_0(string version) =>
        Assert.Equal(
            "config version does not allow CHECK",
            Site.Check(new NetworkConfig("old") { Version = version }).EnsureError(1).Message);
}
