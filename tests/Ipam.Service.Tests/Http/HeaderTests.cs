using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>The CNI_* variables as headers, percent-encoded where they must be.</summary>
public sealed class HeaderTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.2.0.0/16"
        """);

    [Theory]
    [InlineData("plain", "/run/netns/a", "/run/netns/a")]
    [InlineData("percent", "/run/100%25", "/run/100%")]
    [InlineData("encoded-percent", "/run/%2525", "/run/%25")]
    [InlineData("line-feed", "/run/a%0D%0ACNI_IFNAME:%20eth9", "/run/a\r\nCNI_IFNAME: eth9")]
    [InlineData("not-ascii", "/run/%C3%A4", "/run/ä")]
    [InlineData("not-encoded", "/run/ä b", "/run/ä b")]
    [InlineData("broken-escape", "/run/%zz%4", "/run/%zz%4")]
    [InlineData("half-a-character", "/run/%C3", "/run/%C3")]
    public async Task A_value_arrives_as_it_was(string container, string header, string value)
    {
        (await service.Client.CallAsync("add", Network, container, ("CNI_NETNS", header))).EnsureOk();

        Assert.Equal(value, Assert.Single(await service.Daemon.LeasesOf(container)).NetworkNamespace);
    }

    [Theory]
    [InlineData("CNI_CONTAINERID", "a%0Ab")]
    [InlineData("CNI_CONTAINERID", "a%2Fb")]
    [InlineData("CNI_CONTAINERID", "%C3%A4")]
    [InlineData("CNI_CONTAINERID", "a,b")]
    [InlineData("CNI_IFNAME", "eth0%0D%0A")]
    [InlineData("CNI_IFNAME", "eth0%20eth1")]
    [InlineData("CNI_IFNAME", "sixteen-letters-")]
    [InlineData("CNI_ARGS", "IP%3D10.2.0.9%3D")]
    public async Task A_value_that_is_not_valid_is_code_4(string name, string value) =>
        (await service.Client.CallAsync("add", Network, "hostile", (name, value))).EnsureError(4);

    [Fact]
    public async Task Missing_ones_are_listed() =>
        Assert.Equal(
            "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME] missing",
            (await service.Client.CallAsync("add", Network, null, ("CNI_NETNS", ""), ("CNI_IFNAME", ""))).EnsureError(4).Message);

    [Fact]
    public async Task The_command_is_the_paths_and_no_headers() =>
        Assert.Empty((await service.Client.CallAsync("del", Network, "command", ("CNI_COMMAND", "ADD"))).EnsureOk().Body);

    [Fact]
    public async Task Arguments_may_be_as_long_as_the_kernel_allows_a_variable_to_be()
    {
        var args = "IgnoreUnknown=1;K8S_POD_NAME=p;X=" + string.Concat(Enumerable.Repeat("%C3%A4", 60_000));

        (await service.Client.CallAsync("add", Network, "long-args", ("CNI_ARGS", args))).EnsureOk();

        Assert.Equal("p", Assert.Single(await service.Daemon.LeasesOf("long-args")).Pod!.Name);
    }

    [Fact]
    public async Task The_pod_is_remembered()
    {
        (await service.Client.CallAsync(
            "add", Network, "pod", ("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=p;K8S_POD_UID=u"))).EnsureOk();

        Assert.Equal(new Core.Blocks.PodReference("ns", "p", "u"), Assert.Single(await service.Daemon.LeasesOf("pod")).Pod);
    }
}
