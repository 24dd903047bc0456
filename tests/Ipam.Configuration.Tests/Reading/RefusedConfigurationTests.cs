using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;

namespace Ipam.Configuration.Tests.Reading;

/// <summary>What a configuration is refused for, to the letter. Each row reads: this in <c>ipam</c> is refused with this.</summary>
public sealed class RefusedConfigurationTests
{
    private const string InSet0 = "range set 0 of ipam.ranges: ";

    [Theory]
    [InlineData("", "no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam")]
    [InlineData("""
        "ranges": []
        """, "no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam")]
    [InlineData("""
        "subnet": ""
        """, "no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam")]
    [InlineData("""
        "subnet": null, "ranges": null
        """, "no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam")]
    [InlineData("""
        "rangeStart": "10.1.0.5"
        """, "ipam: rangeStart 10.1.0.5 is given without \"subnet\"; give the subnet beside it, or move both into \"ranges\"")]
    [InlineData("""
        "gateway": "10.1.0.1", "ranges": [[{ "subnet": "10.1.0.0/24" }]]
        """, "ipam: gateway 10.1.0.1 is given without \"subnet\"; give the subnet beside it, or move both into \"ranges\"")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "podAnnotations": true
        """, "ipam: podAnnotations lets pods choose other pools than those of \"pools\", and there are none; give the ones for pods that choose none")]
    public void No_range(string ipam, string message) => Refused(ipam, message);

    [Theory]
    [InlineData("10.1.0.0", "ipam: subnet \"10.1.0.0\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.1.0.0/", "ipam: subnet \"10.1.0.0/\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.1.0.0/33", "ipam: subnet \"10.1.0.0/33\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.1.0.0/08", "ipam: subnet \"10.1.0.0/08\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.01.0.0/8", "ipam: subnet \"10.01.0.0/8\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("fd00::/129", "ipam: subnet \"fd00::/129\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("::ffff:10.1.0.0/120", "ipam: subnet \"::ffff:10.1.0.0/120\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.1.0.5/24", "ipam: Network has host bits set. For a subnet mask of length 24 the network address is 10.1.0.0")]
    [InlineData("10.1.0.5/31", "ipam: Network has host bits set. For a subnet mask of length 31 the network address is 10.1.0.4")]
    [InlineData("fd00::1/64", "ipam: Network has host bits set. For a subnet mask of length 64 the network address is fd00::")]
    public void A_subnet_that_is_none(string subnet, string message) => Refused($"\"subnet\": \"{subnet}\"", message);

    [Theory]
    [InlineData("rangeStart", "tenth", "ipam: rangeStart \"tenth\" is not an IP address such as 10.1.0.5 or fd00::5")]
    [InlineData("rangeStart", "10.1.0.10/24", "ipam: rangeStart \"10.1.0.10/24\" is not an IP address such as 10.1.0.5 or fd00::5")]
    [InlineData("rangeStart", "10.2.0.10", "ipam: rangeStart 10.2.0.10 is not in subnet 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("rangeEnd", "10.1.1.0", "ipam: rangeEnd 10.1.1.0 is not in subnet 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("rangeEnd", "10.1.0.0", "ipam: rangeStart 10.1.0.1 comes after rangeEnd 10.1.0.0 of subnet 10.1.0.0/24")]
    [InlineData("rangeStart", "10.1.0.255", "ipam: rangeStart 10.1.0.255 comes after rangeEnd 10.1.0.254 of subnet 10.1.0.0/24")]
    [InlineData("rangeEnd", "fd00::1", "ipam: rangeEnd fd00::1 is not of the subnet's address family; give each family a range of its own")]
    [InlineData("gateway", "fd00::1", "ipam: gateway fd00::1 is not of the subnet's address family; give each family a range of its own")]
    [InlineData("gateway", "gw", "ipam: gateway \"gw\" is neither an IP address such as 10.1.0.1 or fd00::1 nor \"none\"")]
    public void An_address_that_does_not_belong_to_the_subnet(string key, string value, string message) =>
        Refused($"\"subnet\": \"10.1.0.0/24\", \"{key}\": \"{value}\"", message);

    [Theory]
    [InlineData("""[{ "subnet": "10.1.0.0/24" }]""", InSet0 + """a set is a list of ranges, [{"subnet": ...}], found { "subnet": "10.1.0.0/24" }""")]
    [InlineData("[null]", InSet0 + """a set is a list of ranges, [{"subnet": ...}], found null""")]
    [InlineData("[[5]]", InSet0 + """a range is an object, {"subnet": ...}, found 5""")]
    [InlineData("[[]]", InSet0 + "empty range set; give it a range, or leave it out")]
    [InlineData("[[{}]]", InSet0 + "\"subnet\" is missing; give a subnet such as \"10.1.0.0/16\"")]
    [InlineData("""[[{ "subnet": "10.1.0.0/30" }], []]""", "range set 1 of ipam.ranges: empty range set; give it a range, or leave it out")]
    [InlineData(
        """[[{ "subnet": "10.1.0.0/24" }, { "subnet": "fd00::/64" }]]""",
        InSet0 + "mixed address families: 10.1.0.0/24 and fd00::/64; give each family a set of its own")]
    [InlineData(
        """[[{ "subnet": "10.1.0.0/24" }, { "subnet": "10.2.0.0/24" }, { "subnet": "10.1.0.128/25" }]]""",
        InSet0 + "ranges 10.1.0.1-10.1.0.254 and 10.1.0.129-10.1.0.254 overlap; make them one, or put them into different sets")]
    public void Ranges_that_are_none(string ranges, string message) => Refused($"\"ranges\": {ranges}", message);

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("10.1.0.9-10.1.0.5")]
    [InlineData("10.1.0.9-fd00::5")]
    [InlineData("10.1.0.9-")]
    [InlineData("10.1.0.0/24-10.1.1.0/24")]
    public void An_exclusion_that_is_none(string exclude)
    {
        var message = $"exclude \"{exclude}\" is none of: an address, a prefix such as \"10.1.0.0/28\", a range such as \"10.1.0.5-10.1.0.9\"";
        Refused($"\"subnet\": \"10.1.0.0/24\", \"exclude\": [\"{exclude}\"]", "ipam: " + message);
        Refused($$"""
            "ranges": [[{ "subnet": "10.1.0.0/24", "exclude": ["{{exclude}}"] }]]
            """, InSet0 + message);
    }

    [Theory]
    [InlineData("""
        "rangeStrat": "10.1.0.5"
        """, "unknown key \"rangeStrat\" in ipam; did you mean \"rangeStart\"?")]
    [InlineData("""
        "Excludes": []
        """, "unknown key \"Excludes\" in ipam; did you mean \"exclude\"?")]
    [InlineData("""
        "RESOLVCON": null
        """, "unknown key \"RESOLVCON\" in ipam; did you mean \"resolvConf\"?")]
    [InlineData("""
        "ranges": [[{ "subnet": "10.2.0.0/24", "gatway": "10.2.0.9" }]]
        """, "unknown key \"gatway\" in range set 0 of ipam.ranges; did you mean \"gateway\"?")]
    [InlineData("""
        "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "10.0.0.0/8", "via": "10.1.0.1" }]
        """, "unknown key \"via\" in route 1 in ipam; correct it, or leave it out")]
    public void A_key_that_is_not_known(string more, string message) => Refused($"\"subnet\": \"10.1.0.0/24\", {more}", message);

    [Fact]
    public void An_unknown_key_is_answered_with_all_that_are_known() =>
        Assert.Equal(
            "known keys: type, subnet, rangeStart, rangeEnd, gateway, ranges, exclude, skipEdges, allowOutside, routes, resolvConf, space, order, "
            + "affinity, strict, cooldownSeconds, reuseResting, sticky, stickySeconds, pools, podAnnotations, allowPersistentIPs, reservation, status, statusGraceSeconds, socket, spool, wait, probe, probeInterface, dataDir",
            Refused("\"pool\": 1", "unknown key \"pool\" in ipam; did you mean \"pools\"?").Details);

    [Theory]
    [InlineData("first", "ipam: order \"first\" is none of \"next\", \"lowest\", \"random\"")]
    [InlineData("Next", "ipam: order \"Next\" is none of \"next\", \"lowest\", \"random\"")]
    public void An_order_that_is_none(string order, string message) => Refused($"\"subnet\": \"10.1.0.0/24\", \"order\": \"{order}\"", message);

    [Theory]
    [InlineData("a/b")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a~b")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void A_space_whose_name_is_none(string space) => Refused(
        $"\"subnet\": \"10.1.0.0/24\", \"space\": \"{space}\"",
        $"ipam: space \"{space}\" is no name: up to 63 of a-z, A-Z, 0-9, '.', '_' and '-', beginning with a letter or digit");

    [Theory]
    [InlineData("""
        "subnet": 10
        """, "error unmarshall network config: \"subnet\" must be a string, found a number")]
    [InlineData("""
        "ranges": "10.1.0.0/24"
        """, "error unmarshall network config: \"ranges\" must be an array, found a string")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "exclude": "10.1.0.9"
        """, "error unmarshall network config: \"exclude\" must be an array, found a string")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "exclude": [9]
        """, "error unmarshall network config: \"exclude\" must be a string, found a number")]
    [InlineData("""
        "subnet": "10.1.0.0/24", "routes": {}
        """, "error unmarshall network config: \"routes\" must be an array, found an object")]
    public void A_value_of_a_wrong_type_is_code_6(string ipam, string message) => Refused(ipam, message, code: 6);

    [Fact]
    public void A_configuration_without_ipam() =>
        Expect.Error(7, "IPAM config missing 'ipam' key", static () => IpamConfigurationReader.Read(ParsedNetwork.Of(ipam: null)));

    private static Cni.Protocol.CniError Refused(string ipam, string message, int code = 7) =>
        Expect.Error(code, message, () => IpamConfigurationReader.Read(ParsedNetwork.Of(ipam)));
}
