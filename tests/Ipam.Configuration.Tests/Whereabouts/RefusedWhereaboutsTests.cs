using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;

namespace Ipam.Configuration.Tests.Whereabouts;

/// <summary>
/// What a configuration in Whereabouts' form is refused for, to the letter. Whereabouts passes over most of it, and hands out other addresses than were meant, or none.
/// </summary>
public sealed class RefusedWhereaboutsTests
{
    [Theory]
    [InlineData("""
        "range": "10.1.0.0/24", "subnet": "10.1.0.0/24"
        """, "\"range\" as Whereabouts has it, \"subnet\" as ipam has it; keep one form, in Whereabouts' write \"range\" for \"subnet\"")]
    [InlineData("""
        "range": "10.1.0.0/24", "rangeStart": "10.1.0.5", "RangeEnd": "10.1.0.9"
        """, "\"range\" as Whereabouts has it, \"rangeStart\", \"rangeEnd\" as ipam has it; keep one form, in Whereabouts' write \"range_start\" for \"rangeStart\", \"range_end\" for \"rangeEnd\"")]
    [InlineData("""
        "ranges": [[{ "subnet": "10.1.0.0/24" }]], "network_name": "a", "log_level": "debug"
        """, "\"network_name\", \"log_level\" as Whereabouts has it, \"ranges\" as ipam has it; keep one form, in Whereabouts' write \"ipRanges\" for \"ranges\"")]
    [InlineData("""
        "range": "10.1.0.0/24", "pools": ["blue"]
        """, "\"range\" as Whereabouts has it, \"pools\" as ipam has it; keep one form")]
    [InlineData("""
        "type": "whereabouts", "subnet": "10.1.0.0/24", "space": "a", "resolvConf": "/etc/resolv.conf"
        """, "\"type\": \"whereabouts\" as Whereabouts has it, \"subnet\", \"space\", \"resolvConf\" as ipam has it; keep one form, "
        + "in Whereabouts' write \"range\" for \"subnet\", \"network_name\" for \"space\", \"dns\" for \"resolvConf\"")]
    public void Keys_of_two_forms(string ipam, string message) => Refused(ipam, $"ipam has keys of two forms, and one configuration has one: {message}");

    [Theory]
    [InlineData("\"range_strat\": \"10.1.0.5\"", "unknown key \"range_strat\" in ipam; did you mean \"range_start\"?")]
    [InlineData("\"excludes\": []", "unknown key \"excludes\" in ipam; did you mean \"exclude\"?")]
    [InlineData("\"ipRanges\": [{ \"range\": \"10.2.0.0/24\", \"rangestart\": \"10.2.0.9\" }]", "unknown key \"rangestart\" in range 0 of ipam.ipRanges; did you mean \"range_start\"?")]
    [InlineData("\"addresses\": [{ \"address\": \"10.2.0.9/24\", \"gatway\": \"10.2.0.1\" }]", "unknown key \"gatway\" in address 0 in ipam; did you mean \"gateway\"?")]
    [InlineData("\"range_start\": \"tenth\"", "ipam: range_start \"tenth\" is not an IP address such as 10.1.0.5 or fd00::5")]
    [InlineData("\"range_start\": \"10.2.0.5\"", "ipam: range_start 10.2.0.5 is not in range 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("\"range_end\": \"fd00::5\"", "ipam: range_end fd00::5 is not in range 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("\"range_start\": \"10.1.0.9\", \"range_end\": \"10.1.0.8\"", "ipam: range_start 10.1.0.9 comes after range_end 10.1.0.8 of range 10.1.0.0/24")]
    [InlineData("\"exclude\": [\"10.1.0.300\"]", "ipam: exclude \"10.1.0.300\" is none of: an address, a prefix such as \"10.1.0.0/28\", a range such as \"10.1.0.5-10.1.0.9\"")]
    [InlineData("\"gateway\": \"gw\"", "ipam: gateway \"gw\" is not an IP address such as 10.1.0.5 or fd00::5")]
    [InlineData("\"gateway\": \"fd00::1\"", "ipam: gateway fd00::1 is of another address family than 10.1.0.0/24; give one of their family, or leave it out")]
    [InlineData("\"gateway\": \"0.0.0.0\"", "ipam: gateway 0.0.0.0 is not the address of a host: it is unspecified, loopback, multicast or broadcast; give the router's address, or leave it out")]
    [InlineData("\"ipRanges\": [5]", "range 0 of ipam.ipRanges: a range is an object, {\"range\": ...}, found 5")]
    [InlineData("\"ipRanges\": [{}]", "range 0 of ipam.ipRanges: \"range\" is missing; give a range such as \"10.1.0.0/16\" or \"10.1.0.5-10.1.0.90/16\"")]
    [InlineData("\"addresses\": [5]", "address 0 in ipam: an address is an object, {\"address\": ...}, found 5")]
    [InlineData("\"addresses\": [{ \"address\": \"10.2.0.9\" }]", "address 0 in ipam: address \"10.2.0.9\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("\"node_slice_size\": \"small\"", "ipam: node_slice_size \"small\" is no prefix length such as \"/26\"")]
    [InlineData("\"network_name\": \"a/b\"", "ipam: space \"a/b\" is no name: up to 63 of a-z, A-Z, 0-9, '.', '_' and '-', beginning with a letter or digit")]
    [InlineData("\"range_start\": 5", "error unmarshall network config: \"range_start\" must be a string, found a number", 6)]
    [InlineData("\"enable_overlapping_ranges\": \"no\"", "error unmarshall network config: \"enable_overlapping_ranges\" must be true or false, found a string", 6)]
    [InlineData("\"configuration_path\": 5", "error unmarshall network config: \"configuration_path\" must be a string, found a number", 6)]
    public void Beside_a_range(string more, string message, int code = 7) => Refused($"\"range\": \"10.1.0.0/24\", {more}", message, code);

    [Theory]
    [InlineData("10.1.0.0", "ipam: range \"10.1.0.0\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("10.1.0.5-10.1.0.9", "ipam: range \"10.1.0.9\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    [InlineData("-10.1.0.9/24", "ipam: range \"-10.1.0.9/24\" is none of: a prefix such as \"10.1.0.0/16\", a range such as \"10.1.0.5-10.1.0.90/16\"")]
    [InlineData("10.2.0.5-10.1.0.9/24", "ipam: range_start 10.2.0.5 is not in range 10.1.0.0/24, which goes from 10.1.0.0 to 10.1.0.255")]
    [InlineData("10.1.0.9-10.1.0.5/24", "ipam: range_start 10.1.0.9 comes after range_end 10.1.0.5 of range 10.1.0.0/24")]
    public void A_range_that_is_none(string range, string message) => Refused($"\"range\": \"{range}\"", message);

    [Theory]
    [InlineData("\"type\": \"whereabouts\"", "no IP ranges specified; give \"range\", \"ipRanges\" or \"addresses\" in ipam")]
    [InlineData("\"ipRanges\": []", "no IP ranges specified; give \"range\", \"ipRanges\" or \"addresses\" in ipam")]
    [InlineData("\"range_end\": \"10.1.0.9\", \"ipRanges\": [{ \"range\": \"10.1.0.0/24\" }]", "ipam: range_end 10.1.0.9 is given without \"range\"; give the range beside it, or move both into \"ipRanges\"")]
    [InlineData("\"range\": \"10.1.0.5-10.1.0.9/24\", \"range_start\": \"10.1.0.6\"", "ipam: range_start is 10.1.0.6, and 10.1.0.5 in range \"10.1.0.5-10.1.0.9/24\"; give it once")]
    public void What_says_nothing_or_two_things(string ipam, string message) => Refused(ipam, message);

    [Fact]
    public void One_that_tells_of_no_form_is_ipams_own() =>
        Refused("\"subnet\": \"10.1.0.0/24\", \"name\": \"x\"", "unknown key \"name\" in ipam; correct it, or leave it out");

    private static void Refused(string ipam, string message, int code = 7) =>
        Expect.Error(code, message, () => IpamConfigurationReader.Read(ParsedNetwork.Of(ipam)));
}
