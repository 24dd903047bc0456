using System.Text;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Configuration.Whereabouts;

namespace Ipam.Configuration.Tests.Whereabouts;

/// <summary>What Whereabouts' file of defaults adds to a configuration.</summary>
public sealed class FlatFileTests
{
    [Theory]
    [InlineData("""{ "range": "10.9.0.0/30" }""", "10.9.0.1-10.9.0.2 of 10.9.0.0/30")]
    [InlineData("""{ "type": "whereabouts", "range": "10.9.0.0/30", "gateway": "10.9.0.1" }""", "10.9.0.2 of 10.9.0.0/30 via 10.9.0.1")]
    public void It_says_what_the_configuration_does_not(string file, string expected) =>
        Assert.Equal(expected, RangeSentence.Of(Read("\"type\": \"whereabouts\"", file).RangeSets));

    [Theory]
    [InlineData(""" "range": "10.1.0.0/30" """)]
    [InlineData(""" "Range": "10.1.0.0/30", "gateway": "", "exclude": null, "ipRanges": [] """)]
    public void What_the_configuration_says_counts(string ipam) =>
        Assert.Equal("10.1.0.1-10.1.0.2 of 10.1.0.0/30", RangeSentence.Of(Read(ipam, """{ "RANGE": "10.9.0.0/30", "kubernetes": {} }""").RangeSets));

    [Fact]
    public void What_is_empty_in_the_configuration_is_not_given()
    {
        var configuration = Read(
            """ "range": "10.1.0.0/30", "gateway": "", "exclude": [], "dns": {}, "network_name": null, "log_level": "debug" """,
            """{ "gateway": "10.1.0.2", "dns": { "domain": "a.example" }, "network_name": "a", "routes": [{ "dst": "0.0.0.0/0" }], "kubernetes": { "kubeconfig": "/x" } }""");

        Assert.Equal("10.1.0.1 of 10.1.0.0/30 via 10.1.0.2", RangeSentence.Of(configuration.RangeSets));
        Assert.Equal(("a", "a.example"), (configuration.Space, configuration.Dns!.Domain));
        Assert.Single(configuration.Routes);
        Assert.Equal(["kubernetes", "log_level"], configuration.Ignored);
    }

    [Theory]
    [InlineData("[]", "wanted is one JSON object with keys of ipam")]
    [InlineData("", "it is no JSON from line 1 on")]
    [InlineData("{\n} secret", "it is no JSON from line 2 on")]
    [InlineData("root:$6$secret", "it is no JSON from line 1 on")]
    public void One_that_is_none_is_refused_without_showing_it(string file, string problem) => Refused($"Whereabouts' file /w.conf can't be used: {problem}", file);

    [Theory]
    [InlineData("""{ "range_strat": "10.1.0.5" }""", "unknown key \"range_strat\" in /w.conf; did you mean \"range_start\"?")]
    [InlineData("""{ "subnet": "10.1.0.0/24" }""", "unknown key \"subnet\" in /w.conf; correct it, or leave it out")]
    [InlineData("""{ "socket": "/run/x" }""", "unknown key \"socket\" in /w.conf; correct it, or leave it out")]
    public void It_has_no_keys_but_Whereabouts(string file, string message) => Refused(message, file);

    [Fact]
    public void A_configuration_in_ipams_own_form_has_nothing_of_it()
    {
        var network = ParsedNetwork.Of("\"subnet\": \"10.1.0.0/30\"");

        Assert.Null(IpamConfigurationReader.FindDefaultsPath(network));
        Assert.Equal("10.1.0.2 of 10.1.0.0/30 via 10.1.0.1", RangeSentence.Of(IpamConfigurationReader.Read(network, FlatFile.Unreadable("/w.conf", "x")).RangeSets));
    }

    [Theory]
    [InlineData("\"range\": \"10.1.0.0/30\"", "")]
    [InlineData("\"range\": \"10.1.0.0/30\", \"configuration_path\": null", "")]
    [InlineData("\"type\": \"whereabouts\", \"configuration_path\": \"/w.conf\"", "/w.conf")]
    [InlineData("\"configuration_path\": 5", "")]
    [InlineData("\"configuration_path\": \"\\ud800\"", "")]
    public void Where_it_is_may_be_said(string ipam, string path) => Assert.Equal(path, IpamConfigurationReader.FindDefaultsPath(ParsedNetwork.Of(ipam)));

    private static void Refused(string message, string file) => Expect.Error(7, message, () => Read("\"range\": \"10.1.0.0/24\"", file));

    private static IpamConfiguration Read(string ipam, string file) =>
        IpamConfigurationReader.Read(ParsedNetwork.Of(ipam), FlatFile.Of("/w.conf", Encoding.UTF8.GetBytes(file)));
}
