using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>CHECK notices every address that is missing, and no other plugin's.</summary>
public sealed class CheckVerbTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private const string OneSet = """
        "ranges": [[{ "subnet": "10.1.0.0/24" }]]
        """;

    private const string TwoSetsOfOneSubnet = """
        "ranges": [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "10.1.0.0/24" }]]
        """;

    [Fact]
    public async Task Nothing_held() =>
        Assert.Equal(
            "no address is held by container nobody, interface eth0, in network net",
            (await CheckAsync("nobody", OneSet)).EnsureError(102).Message);

    [Fact]
    public async Task One_address_does_not_do_for_two_sets()
    {
        (await service.Client.CallAsync("add", NetworkJson.Text(OneSet), "one")).EnsureOk();

        Assert.Equal(
            "no address of range set 1 is held by the container: 10.1.0.2-10.1.0.254 of 10.1.0.0/24",
            (await CheckAsync("one", TwoSetsOfOneSubnet)).EnsureError(102).Message);
    }

    [Fact]
    public async Task Two_addresses_do()
    {
        (await service.Client.CallAsync("add", NetworkJson.Text(TwoSetsOfOneSubnet), "two")).EnsureOk();

        (await CheckAsync("two", TwoSetsOfOneSubnet)).EnsureOk();
        (await CheckAsync("two", OneSet)).EnsureOk();
    }

    [Fact]
    public async Task Another_space_is_another_matter()
    {
        (await service.Client.CallAsync("add", NetworkJson.Text(OneSet), "spaces")).EnsureOk();

        (await CheckAsync("spaces", OneSet + ", \"space\": \"other\"")).EnsureError(102);
    }

    [Fact]
    public async Task Ranges_may_have_been_narrowed_since()
    {
        (await service.Client.CallAsync("add", NetworkJson.Text(OneSet), "narrowed", ("CNI_ARGS", "IP=10.1.0.99"))).EnsureOk();

        (await CheckAsync("narrowed", """
            "subnet": "10.1.0.0/24", "rangeEnd": "10.1.0.50"
            """)).EnsureOk();
        (await CheckAsync("narrowed", """
            "subnet": "10.1.0.0/24", "exclude": ["10.1.0.99"]
            """)).EnsureOk();
    }

    [Theory]
    [InlineData("10.1.0.201", true)]
    [InlineData("10.1.0.202", false)]
    [InlineData("10.1.0.240", true)]
    [InlineData("10.1.0.1", true)]
    [InlineData("192.168.0.1", true)]
    [InlineData("fd00::1", true)]
    public async Task Of_prevResult_only_addresses_that_could_be_ours_matter(string address, bool isFine)
    {
        const string ipam = """
            "subnet": "10.1.0.0/24", "exclude": ["10.1.0.240/28"]
            """;
        (await service.Client.CallAsync("add", NetworkJson.Text(ipam), "previous", ("CNI_ARGS", "IP=10.1.0.201"))).EnsureOk();

        var answer = await CheckAsync("previous", ipam, $$"""
            "prevResult": { "cniVersion": "1.1.0", "ips": [{ "address": "10.1.0.201/24" }, { "address": "{{address}}/{{(address.Contains(':', StringComparison.Ordinal) ? 64 : 24)}}" }] }
            """);

        if (isFine)
            answer.EnsureOk();
        else
            Assert.Equal($"address {address} of prevResult is not held by the container", answer.EnsureError(102).Message);
    }

    private Task<ServiceAnswer> CheckAsync(string container, string ipam, string more = "") =>
        service.Client.CallAsync("check", NetworkJson.Text(ipam, more), container);
}
