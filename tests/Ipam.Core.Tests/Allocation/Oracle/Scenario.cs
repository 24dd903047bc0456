namespace Ipam.Core.Tests.Allocation.Oracle;

/// <summary>Ranges to play on.</summary>
/// <param name="Requests">What owners ask for: one range list per entry.</param>
/// <param name="Spaces">The address spaces.</param>
/// <param name="Owners">How many owners there are.</param>
internal sealed record Scenario(SlowRange[][][] Requests, string[] Spaces, int Owners)
{
    private const string LastIpv6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:";

    public static IReadOnlyDictionary<string, Scenario> All { get; } = new Dictionary<string, Scenario>
    {
        ["a /32"] = Of(5, One(new SlowRange("10.0.0.7/32"))),
        ["a /31"] = Of(5, One(new SlowRange("10.0.0.62/31"))),
        ["a /128"] = Of(5, One(new SlowRange("fd00::7/128"))),
        ["nothing but the gateway"] = Of(3, One(new SlowRange("10.0.0.7/32", "10.0.0.7"))),
        ["start in the middle of a block"] = Of(60, One(new SlowRange("10.0.0.50-10.0.0.90"))),
        ["exclusions across block borders"] = Of(90, One(new SlowRange("10.0.0.20-10.0.1.10", null, "10.0.0.60-10.0.0.70", "10.0.0.120-10.0.0.200", "10.0.0.128/26"))),
        ["edges left out"] = Of(60, One(new SlowRange("10.0.0.240-10.0.2.10", "10.0.1.1", "10.0.1.3-10.0.1.250").WithoutEdges())),
        ["nothing but edges"] = Of(3, One(new SlowRange("10.0.0.255-10.0.1.0").WithoutEdges())),
        ["edges of one range that another hands out"] = Of(40,
            One(new SlowRange("10.0.0.245-10.0.1.9").WithoutEdges()),
            One(new SlowRange("10.0.0.250-10.0.1.5"))),
        ["the top end of IPv4 without edges"] = Of(60, One(new SlowRange("255.255.254.250-255.255.255.255", null, "255.255.255.9-255.255.255.240").WithoutEdges())),
        ["outside on request"] = Of(60, One(new SlowRange("10.0.0.100-10.0.0.140", "10.0.0.1", "10.0.0.0", "10.0.0.255", "10.0.0.110-10.0.0.120", "10.0.0.200-10.0.0.210").AllowingOutside())),
        ["outside of one is inside of another"] = Of(60,
            [[new SlowRange("10.0.0.10-10.0.0.40").AllowingOutside(), new SlowRange("10.0.0.60-10.0.0.70", "10.0.0.1")]],
            [[new SlowRange("10.0.0.10-10.0.0.40").AllowingOutside()], [new SlowRange("10.0.0.50-10.0.0.90", "10.0.0.1").AllowingOutside()]]),
        ["outside, a /64"] = Of(60, One(new SlowRange("fd00::100-fd00::1ff", "fd00::1").AllowingOutside())),
        ["gateway inside"] = Of(40, One(new SlowRange("10.0.0.1-10.0.0.30", "10.0.0.5"))),
        ["a second range for the overflow"] = Of(40, [[[new SlowRange("10.0.0.1-10.0.0.9"), new SlowRange("10.0.0.100-10.0.0.120", null, "10.0.0.110")]]]),
        ["ranges that overlap"] = Of(60,
            One(new SlowRange("10.0.0.1-10.0.0.40")),
            One(new SlowRange("10.0.0.30-10.0.0.70", null, "10.0.0.35")),
            One(new SlowRange("10.0.0.0-10.0.0.255", "10.0.0.1", "10.0.0.45-10.0.0.255"))),
        ["two addresses of one range"] = Of(30, [[[new SlowRange("10.0.0.55-10.0.0.75")], [new SlowRange("10.0.0.55-10.0.0.75")]]]),
        ["one, two or three entries"] = Of(30,
            One(new SlowRange("10.0.0.55-10.0.0.75")),
            [[new SlowRange("10.0.0.55-10.0.0.75")], [new SlowRange("10.0.0.70-10.0.0.90")]],
            [[new SlowRange("fd00::/124")], [new SlowRange("10.0.0.70-10.0.0.90")], [new SlowRange("10.0.0.50-10.0.0.80")]]),
        ["two spaces"] = Of(30, One(new SlowRange("10.0.0.1-10.0.0.20"))) with { Spaces = ["red", "blue"] },
        ["dual stack"] = Of(60, [[[new SlowRange("10.0.0.0/27", "10.0.0.1", "10.0.0.0", "10.0.0.31")], [new SlowRange("fd00::/64", "fd00::1", "fd00::")]]]),
        ["a /8"] = Of(80, One(new SlowRange("10.0.0.0/8", "10.0.0.1", "10.0.0.0", "10.0.0.64-10.255.255.180", "10.255.255.255"))),
        ["a /64"] = Of(80, One(new SlowRange("fd00::/64", "fd00::1"))),
        ["all of IPv4"] = Of(80, One(new SlowRange("0.0.0.0/0"))),
        ["all of IPv6"] = Of(80, One(new SlowRange("::/0"))),
        ["all of IPv6 but the middle"] = Of(80, One(new SlowRange("::/0", null, $"::20-{LastIpv6}ffe0"))),
        ["the top end of IPv4"] = Of(60, One(new SlowRange("255.255.255.180-255.255.255.255"))),
        ["the top end of IPv6"] = Of(60, One(new SlowRange($"{LastIpv6}ffb0-{LastIpv6}ffff", $"{LastIpv6}fffe"))),
        ["the bottom end of both"] = Of(60, [[[new SlowRange("0.0.0.0-0.0.0.40")], [new SlowRange("::-::50")]]]),
    };

    private static Scenario Of(int owners, params SlowRange[][][] requests) => new(requests, ["default"], owners);

    private static SlowRange[][] One(SlowRange range) => [[range]];
}
