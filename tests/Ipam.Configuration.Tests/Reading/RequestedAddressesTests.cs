using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;

namespace Ipam.Configuration.Tests.Reading;

/// <summary>Which addresses somebody asked for, from three places.</summary>
public sealed class RequestedAddressesTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("IP=10.1.0.5", "", "10.1.0.5")]
    [InlineData("IP=10.1.0.5/24", "", "10.1.0.5")]
    [InlineData("IP=fd00::5/64", "", "fd00::5")]
    [InlineData("IP=", "", "")]
    [InlineData("IgnoreUnknown=1;K8S_POD_NAME=p;OTHER=x;IP=10.1.0.5", "", "10.1.0.5")]
    [InlineData("", """
        "args": { "cni": { "ips": ["10.1.0.6", "fd00::6/64"] } }
        """, "10.1.0.6 fd00::6")]
    [InlineData("", """
        "args": { "cni": { "ips": null }, "other": 1 }
        """, "")]
    [InlineData("", """
        "runtimeConfig": { "ips": ["10.1.0.7/16"], "mac": "00:11:22:33:44:55" }
        """, "10.1.0.7")]
    [InlineData("IP=10.1.0.5", """
        "args": { "cni": { "ips": ["10.1.0.6"] } }, "runtimeConfig": { "ips": ["10.1.0.7"] }
        """, "10.1.0.5 10.1.0.6 10.1.0.7")]
    [InlineData("IP=10.1.0.5", """
        "args": { "cni": { "ips": ["10.1.0.5/24"] } }, "runtimeConfig": { "ips": ["::ffff:10.1.0.5", "FD00:0::5", "fd00::5"] }
        """, "10.1.0.5 fd00::5")]
    public void They_add_up_each_once_in_the_order_of_their_sources(string args, string more, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(args, more)));

    [Theory]
    [InlineData("zzz")]
    [InlineData("10.1.0.5,10.1.0.6")]
    [InlineData("10.1.0.256")]
    [InlineData("10.1.0.5/33")]
    [InlineData("fd00::5%eth0")]
    public void Of_CNI_ARGS_one_that_is_none_is_code_4(string text) =>
        Expect.Error(4, $"invalid IP address \"{text}\" in IP of CNI_ARGS", () => Read($"IP={text}", ""));

    [Theory]
    [InlineData("runtimeConfig.ips", """
        "runtimeConfig": { "ips": ["10.1.0.5", "zzz"] }
        """)]
    [InlineData("args.cni.ips", """
        "args": { "cni": { "ips": ["zzz"] } }
        """)]
    public void Of_the_configuration_one_that_is_none_is_code_7(string where, string more) =>
        Expect.Error(7, $"invalid IP address \"zzz\" in {where}", () => Read("", more));

    [Fact]
    public void A_list_of_a_wrong_type_is_code_6() =>
        Expect.Error(6, "error unmarshall network config: \"ips\" must be an array, found a string", () => Read("", """
            "runtimeConfig": { "ips": "10.1.0.5" }
            """));

    private static IReadOnlyList<Core.Addresses.Address> Read(string args, string more) =>
        RequestedAddresses.Read(ParsedNetwork.Of("", more), CniArgs.Parse(args, "IP"));
}
