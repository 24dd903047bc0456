using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Tests.Reading;

/// <summary>The keys of <c>ipam</c> that aren't ranges.</summary>
public sealed class IpamConfigurationReaderTests
{
    [Fact]
    public void Only_a_range_is_needed_and_the_rest_has_defaults()
    {
        var configuration = Read("");

        Assert.Null(configuration.Space);
        Assert.Equal(AllocationOrder.Next, configuration.Policy.Order);
        Assert.Empty(configuration.Routes);
        Assert.Null(configuration.ResolvConf);
    }

    [Fact]
    public void Every_key_may_be_given_at_once_in_any_case()
    {
        var configuration = Read("""
            , "rangeStart": "10.1.0.5", "RANGEEND": "10.1.0.9", "Gateway": "10.1.0.1", "ranges": [], "exclude": [], "routes": [{ "dst": "0.0.0.0/0" }],
            "resolvConf": "/etc/resolv.conf", "Space": "tenant-a", "order": "random", "socket": "/run/x", "spool": "/y", "dataDir": "/ignored"
            """);

        Assert.Equal("tenant-a", configuration.Space);
        Assert.Equal(AllocationOrder.Random, configuration.Policy.Order);
        Assert.Equal("/etc/resolv.conf", configuration.ResolvConf);
        Assert.Equal("0.0.0.0/0", Assert.Single(configuration.Routes).Dst.ToString());
    }

    [Theory]
    [InlineData("next", AllocationOrder.Next)]
    [InlineData("lowest", AllocationOrder.Lowest)]
    [InlineData("random", AllocationOrder.Random)]
    [InlineData("", AllocationOrder.Next)]
    public void Orders(string text, AllocationOrder order) => Assert.Equal(order, Read($", \"order\": \"{text}\"").Policy.Order);

    [Theory]
    [InlineData("", null)]
    [InlineData("0", "0")]
    [InlineData("Tenant_A.b-c", "Tenant_A.b-c")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123", "a23456789012345678901234567890123456789012345678901234567890123")]
    public void Spaces(string text, string? space) => Assert.Equal(space, Read($", \"space\": \"{text}\"").Space);

    [Fact]
    public void Of_a_key_that_is_there_twice_the_last_counts() =>
        Assert.Equal("b", Read(""", "space": "a", "SPACE": "b" """).Space);

    private static IpamConfiguration Read(string more) =>
        IpamConfigurationReader.Read(ParsedNetwork.Of($"\"subnet\": \"10.1.0.0/24\"{more}"));
}
