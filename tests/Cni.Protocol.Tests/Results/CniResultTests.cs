using System.Net;
using System.Text;

namespace Cni.Protocol.Tests;

public class CniResultTests
{
    /// <summary>One of everything.</summary>
    private static readonly CniResult Rich = new()
    {
        Interfaces =
        [
            new CniInterface("veth1234") { Mac = "02:00:00:00:00:01" },
            new CniInterface("eth0") { Mac = "02:00:00:00:00:02", Mtu = 1450, Sandbox = "/run/netns/x", SocketPath = "/s", PciId = "0000:00:1f.6" },
        ],
        Ips =
        [
            new CniIp(IPAddress.Parse("10.1.2.2"), 24) { Gateway = IPAddress.Parse("10.1.2.1"), Interface = 1 },
            new CniIp(IPAddress.Parse("2001:db8:1::2"), 64) { Gateway = IPAddress.Parse("2001:db8:1::1"), Interface = 0 },
            new CniIp(IPAddress.Parse("10.1.3.2"), 32),
        ],
        Routes =
        [
            new CniRoute(Prefix("0.0.0.0/0")) { Gw = IPAddress.Parse("10.1.2.1"), Mtu = 1400, AdvMss = 1360, Priority = 100, Table = 0, Scope = 0 },
            new CniRoute(Prefix("10.0.0.5/8")),
            new CniRoute(Prefix("::/0")) { Table = 4294967295, Scope = 253 },
        ],
        Dns = new CniDns { Nameservers = ["10.1.2.53"], Domain = "example.org", Search = ["a", "b"], Options = ["ndots:2"] },
    };

    private static CniPrefix Prefix(string text) => CniPrefix.TryParse(text, out var prefix) ? prefix : throw new FormatException(text);

    private static string Json(CniResult result, string version) => Encoding.UTF8.GetString(result.ToJson(CniVersion.Parse(version)));

    private static CniResult Parse(string json, string config = "1.1.0") =>
        CniResult.Parse(Encoding.UTF8.GetBytes(json), CniVersion.Parse(config));

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void From_1_0_0_on_keys_are_sorted_and_nothing_is_lost(string version) => Assert.Equal(
        $$"""
        {
            "cniVersion": "{{version}}",
            "dns": {
                "domain": "example.org",
                "nameservers": [
                    "10.1.2.53"
                ],
                "options": [
                    "ndots:2"
                ],
                "search": [
                    "a",
                    "b"
                ]
            },
            "interfaces": [
                {
                    "mac": "02:00:00:00:00:01",
                    "name": "veth1234"
                },
                {
                    "mac": "02:00:00:00:00:02",
                    "mtu": 1450,
                    "name": "eth0",
                    "pciID": "0000:00:1f.6",
                    "sandbox": "/run/netns/x",
                    "socketPath": "/s"
                }
            ],
            "ips": [
                {
                    "address": "10.1.2.2/24",
                    "gateway": "10.1.2.1",
                    "interface": 1
                },
                {
                    "address": "2001:db8:1::2/64",
                    "gateway": "2001:db8:1::1",
                    "interface": 0
                },
                {
                    "address": "10.1.3.2/32"
                }
            ],
            "routes": [
                {
                    "advmss": 1360,
                    "dst": "0.0.0.0/0",
                    "gw": "10.1.2.1",
                    "mtu": 1400,
                    "priority": 100,
                    "scope": 0,
                    "table": 0
                },
                {
                    "dst": "10.0.0.5/8"
                },
                {
                    "dst": "::/0",
                    "scope": 253,
                    "table": 4294967295
                }
            ]
        }
        """, Json(Rich, version));

    [Theory]
    [InlineData("0.3.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    public void From_0_3_0_to_0_4_0_addresses_say_their_family_and_interfaces_know_less(string version) => Assert.Equal(
        $$"""
        {
            "cniVersion": "{{version}}",
            "interfaces": [
                {
                    "name": "veth1234",
                    "mac": "02:00:00:00:00:01"
                },
                {
                    "name": "eth0",
                    "mac": "02:00:00:00:00:02",
                    "sandbox": "/run/netns/x"
                }
            ],
            "ips": [
                {
                    "version": "4",
                    "interface": 1,
                    "address": "10.1.2.2/24",
                    "gateway": "10.1.2.1"
                },
                {
                    "version": "6",
                    "interface": 0,
                    "address": "2001:db8:1::2/64",
                    "gateway": "2001:db8:1::1"
                },
                {
                    "version": "4",
                    "address": "10.1.3.2/32"
                }
            ],
            "routes": [
                {
                    "dst": "0.0.0.0/0",
                    "gw": "10.1.2.1",
                    "mtu": 1400,
                    "advmss": 1360,
                    "priority": 100,
                    "table": 0,
                    "scope": 0
                },
                {
                    "dst": "10.0.0.5/8"
                },
                {
                    "dst": "::/0",
                    "table": 4294967295,
                    "scope": 253
                }
            ],
            "dns": {
                "nameservers": [
                    "10.1.2.53"
                ],
                "domain": "example.org",
                "search": [
                    "a",
                    "b"
                ],
                "options": [
                    "ndots:2"
                ]
            }
        }
        """, Json(Rich, version));

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    public void Below_0_3_0_only_the_first_address_of_each_family_is_left_with_its_routes(string version) => Assert.Equal(
        $$"""
        {
            "cniVersion": "{{version}}",
            "ip4": {
                "ip": "10.1.2.2/24",
                "gateway": "10.1.2.1",
                "routes": [
                    {
                        "dst": "0.0.0.0/0",
                        "gw": "10.1.2.1"
                    },
                    {
                        "dst": "10.0.0.5/8"
                    }
                ]
            },
            "ip6": {
                "ip": "2001:db8:1::2/64",
                "gateway": "2001:db8:1::1",
                "routes": [
                    {
                        "dst": "::/0"
                    }
                ]
            },
            "dns": {
                "nameservers": [
                    "10.1.2.53"
                ],
                "domain": "example.org",
                "search": [
                    "a",
                    "b"
                ],
                "options": [
                    "ndots:2"
                ]
            }
        }
        """, Json(Rich, version));

    [Theory]
    [InlineData("1.0.0", "{\n    \"cniVersion\": \"1.0.0\"\n}")]
    [InlineData("1.1.0", "{\n    \"cniVersion\": \"1.1.0\"\n}")]
    [InlineData("0.3.0", "{\n    \"cniVersion\": \"0.3.0\",\n    \"dns\": {}\n}")]
    [InlineData("0.3.1", "{\n    \"cniVersion\": \"0.3.1\",\n    \"dns\": {}\n}")]
    [InlineData("0.4.0", "{\n    \"cniVersion\": \"0.4.0\",\n    \"dns\": {}\n}")]
    public void A_result_with_nothing_has_a_dns_only_below_1_0_0(string version, string expected) =>
        Assert.Equal(expected, Json(new CniResult(), version));

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    public void Below_0_3_0_there_must_be_an_address(string version) => Expect.Error(
        999, "cannot convert: no valid IP addresses", () => Json(Rich with { Ips = [] }, version));

    [Fact]
    public void Below_0_3_0_routes_of_a_family_without_address_are_dropped() => Assert.Equal(
        "{\n    \"cniVersion\": \"0.2.0\",\n    \"ip6\": {\n        \"ip\": \"2001:db8:1::2/64\",\n        \"gateway\": \"2001:db8:1::1\"\n    },\n    \"dns\": {}\n}",
        Json(new CniResult { Ips = [Rich.Ips[1]], Routes = [Rich.Routes[0]] }, "0.2.0"));

    [Fact]
    public void A_version_that_is_not_supported_has_no_shape() =>
        Expect.ErrorWith(1, "incompatible CNI versions", () => new CniResult().ToJson(new CniVersion(1, 2, 0)));

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    [InlineData("0.3.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void What_is_written_reads_back_the_same_in_every_version(string version)
    {
        var json = Json(Rich, version);
        // The configuration's version doesn't matter: the result has its own.
        Assert.Equal(json, Json(Parse(json, "0.1.0"), version));
        Assert.Equal(json, Json(Parse(json, "1.1.0"), version));
        // Without one, the configuration's counts.
        Assert.Equal(json, Json(Parse(json.Replace($"\"cniVersion\": \"{version}\",", "", StringComparison.Ordinal), version), version));
    }

    [Fact]
    public void A_newer_version_loses_nothing_of_an_older_ones_result()
    {
        var all = CniVersion.Supported.Select(version => version.ToString()).ToArray();
        for (var old = 0; old < all.Length; old++)
        {
            for (var later = old; later < all.Length; later++)
            {
                var original = Json(Rich, all[old]);
                var up = Json(Parse(original), all[later]);
                Assert.Equal(original, Json(Parse(up), all[old]));
            }
        }
    }

    [Fact]
    public void The_oldest_shape_becomes_lists_and_routes_keep_their_own_gateway()
    {
        var result = Parse(
            """{"ip6":{"ip":"fd00::2/64","routes":[{"dst":"::/0"}]},"ip4":{"ip":"10.0.0.2/24","gateway":"10.0.0.1","routes":[{"dst":"0.0.0.0/0"}]}}""", "0.2.0");
        Assert.Equal(["10.0.0.2", "fd00::2"], result.Ips.Select(ip => CniAddress.Format(ip.Address)));
        Assert.Equal(["0.0.0.0/0", "::/0"], result.Routes.Select(route => route.Dst.ToString()));
        Assert.All(result.Routes, route => Assert.Null(route.Gw));
    }

    [Fact]
    public void Keys_match_in_any_case_the_last_counts_and_numbers_may_be_floats()
    {
        var result = Parse(
            """
            {"CniVersion":"1.0.0","INTERFACES":[{"Name":"a","name":"eth0","MTU":1.5e3,"pciid":"p"}],
             "Ips":[{"ADDRESS":"10.0.0.2/24","Interface":0.0,"gateway":""}],
             "routes":[{"dst":"0.0.0.0/0","priority":1e2,"table":2.54e2,"Scope":-0.0}],"ips4":1,"dns":null}
            """);
        Assert.Equal(("eth0", 1500u, "p"), (result.Interfaces[0].Name, result.Interfaces[0].Mtu, result.Interfaces[0].PciId));
        Assert.Equal((0, null), (result.Ips[0].Interface, result.Ips[0].Gateway));
        Assert.Equal((100u, 254u, 0), (result.Routes[0].Priority, result.Routes[0].Table, result.Routes[0].Scope));
        Assert.True(result.Dns.IsEmpty);
    }

    [Theory]
    [InlineData("", "invalid JSON at line 1, byte 1")]
    [InlineData("null", "wanted an object, found null")]
    [InlineData("[]", "wanted an object, found an array")]
    [InlineData("{}x", "invalid JSON at line 1, byte 3")]
    [InlineData("{\"cniVersion\":1}", "\"cniVersion\" must be a string, found a number")]
    [InlineData("{\"ips\":{}}", "\"ips\" must be an array, found an object")]
    [InlineData("{\"ips\":[null]}", "\"ips\" must hold objects, found null")]
    [InlineData("{\"ips\":[{}]}", "\"address\": invalid CIDR address: ")]
    [InlineData("{\"ips\":[{\"address\":\"10.0.0.1\"}]}", "\"address\": invalid CIDR address: 10.0.0.1")]
    [InlineData("{\"ips\":[{\"address\":\"10.0.0.1/24\",\"gateway\":\"x\"}]}", "\"gateway\": invalid IP address: x")]
    [InlineData("{\"ips\":[{\"address\":\"10.0.0.1/24\",\"interface\":\"0\"}]}", "\"interface\" must be a number, found a string")]
    [InlineData("{\"ips\":[{\"address\":\"10.0.0.1/24\",\"interface\":0.5}]}", "\"interface\" must be a whole number, found 0.5")]
    [InlineData("{\"routes\":[{\"dst\":\"default\"}]}", "\"dst\": invalid CIDR address: default")]
    [InlineData("{\"routes\":[{\"dst\":\"::/0\",\"priority\":-1}]}", "\"priority\" must be from 0 to 4294967295, found -1")]
    [InlineData("{\"interfaces\":[{\"name\":1}]}", "\"name\" must be a string, found a number")]
    [InlineData("{\"dns\":[]}", "\"dns\" must be an object, found an array")]
    public void A_broken_result_cannot_be_decoded(string json, string message) =>
        Expect.Error(6, "error unmarshall result: " + message, () => Parse(json));

    [Fact]
    public void A_result_of_an_unknown_version_is_refused() =>
        Expect.Error(1, "incompatible CNI versions", () => Parse("{\"cniVersion\":\"2.0.0\"}"));

    [Fact]
    public void On_mutilated_input_nothing_but_an_error_of_the_protocol_is_thrown()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var inputs = CniVersion.Supported.Select(Rich.ToJson).ToArray();
        for (var i = 0; i < 15_000; i++)
        {
            var mutant = Mutant.Of(inputs[random.Next(inputs.Length)], random);
            var fault = Record.Exception(() => CniResult.Parse(mutant, CniVersion.Newest).ToJson(CniVersion.Newest));
            Assert.True(fault is null or CniException, $"seed {seed}, step {i}, {Convert.ToBase64String(mutant)}: {fault}");
        }
    }
}
