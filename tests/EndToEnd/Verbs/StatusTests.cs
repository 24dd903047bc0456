using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>STATUS says whether an ADD could be served.</summary>
public sealed class StatusTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private Site Site => service.Site;

    [Fact]
    public void STATUS_is_silent_when_there_is_room()
    {
        Site.CallForNetwork("STATUS", new NetworkConfig("fine") { Ipam = NetworkConfig.Dual }).EnsureSuccess();
    }

    [Fact]
    public void A_strict_STATUS_answers_50_when_a_range_set_is_exhausted_and_is_silent_again_after_a_DEL()
    {
        var network = new NetworkConfig("full") { Ipam = """ "subnet": "10.9.0.0/30", "status": "strict" """ };
        Site.Add(network).EnsureSuccess();
        Site.CallForNetwork("STATUS", network with { Ipam = """ "subnet": "10.9.0.0/30" """ }).EnsureSuccess();

        var error = Site.CallForNetwork("STATUS", network).EnsureError(50);

        Assert.Contains("10.9.0.0/30", error.Message, StringComparison.Ordinal);
        Assert.Contains("ipamctl lease list --space full", error.Details, StringComparison.Ordinal);
        Site.Del(network).EnsureSuccess();
        Site.CallForNetwork("STATUS", network).EnsureSuccess();
    }

    [Fact]
    public void A_pool_that_is_disabled_or_missing_keeps_no_node_out_of_the_cluster_and_a_strict_STATUS_says_what_an_ADD_would()
    {
        Assert.Equal(0, Ipamctl.TryRun(Site, "pool", "create", "closed", "--range", "10.9.8.0/24", "--space", "status").ExitCode);
        Assert.Equal(0, Ipamctl.TryRun(Site, "pool", "disable", "closed").ExitCode);
        foreach (var pool in (string[])["closed", "absent"])
        {
            var network = new NetworkConfig("pooled") { Space = null, Ipam = $"\"pools\": [\"{pool}\"]" };
            var add = Site.Add(network).Error;
            Site.CallForNetwork("STATUS", network).EnsureSuccess();
            Assert.Equal(add.Message, Site.CallForNetwork("STATUS", network with { Ipam = network.Ipam + ", \"status\": \"strict\"" }).Error.Message);
        }
    }

    [Fact]
    public void STATUS_refuses_a_configuration_that_an_ADD_would_refuse()
    {
        Site.CallForNetwork("STATUS", new NetworkConfig("bad") { Ipam = """ "subnet": "10.9.0.1/24" """ }).EnsureError(7);
    }

    [Theory]
    [InlineData("STATUS", "0.4.0")]
    [InlineData("STATUS", "1.0.0")]
    [InlineData("GC", "0.4.0")]
    [InlineData("GC", "1.0.0")]
    public void STATUS_and_GC_need_1_1_0(string command, string version) =>
        Assert.Equal(
            $"config version does not allow {command}",
            Site.CallForNetwork(command, new NetworkConfig("old") { Version = version }).EnsureError(1).Message);
}
