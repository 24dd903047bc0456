using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>What the verbs do with a configuration that is written for Whereabouts.</summary>
public sealed class WhereaboutsTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    [Fact]
    public async Task The_result_has_the_dns_and_the_routes_of_the_configuration()
    {
        const string ipam = """
            "type": "whereabouts", "range": "10.1.0.0/24", "network_name": "result", "gateway": "10.1.0.1", "routes": [{ "dst": "10.0.0.0/8" }],
            "dns": { "nameservers": ["10.1.0.53"], "domain": "a.example", "search": ["b.example"], "options": ["ndots:2"] }
            """;

        var result = string.Concat((await AddAsync("a", ipam)).EnsureOk().Body.Where(static c => !char.IsWhiteSpace(c)));

        Assert.Contains("""{"address":"10.1.0.2/24","gateway":"10.1.0.1"}""", result, StringComparison.Ordinal);
        Assert.Contains("""[{"dst":"10.0.0.0/8"}]""", result, StringComparison.Ordinal);
        Assert.Contains("""{"domain":"a.example","nameservers":["10.1.0.53"],"options":["ndots:2"],"search":["b.example"]}""", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_static_address_is_held_by_one_container_at_a_time()
    {
        const string ipam = """ "range": "10.1.0.0/29", "network_name": "static", "addresses": [{ "address": "10.1.0.1/29", "gateway": "10.1.0.6" }] """;

        Assert.Equal("10.1.0.2/29 10.1.0.1/29", (await AddAsync("first", ipam)).Addresses);
        Assert.Equal("10.1.0.2/29 10.1.0.1/29", (await AddAsync("first", ipam)).Addresses);
        Assert.Equal("no IP addresses available in range set 1: 10.1.0.1 of 10.1.0.0/29", (await AddAsync("second", ipam)).EnsureError(100).Message);
        (await CallAsync("check", "first", ipam)).EnsureOk();
        (await CallAsync("del", "first", ipam)).EnsureOk();
        Assert.Equal("10.1.0.2/29 10.1.0.1/29", (await AddAsync("second", ipam)).Addresses);
    }

    [Fact]
    public async Task Old_versions_have_room_for_one_address_of_a_family()
    {
        const string ipam = """ "range": "10.1.0.0/29", "addresses": [{ "address": "10.2.0.1/29" }] """;

        var answer = await service.Client.CallAsync("add", NetworkJson.Text(ipam, version: "0.2.0"), "old");

        Assert.Equal("CNI version 0.2.0 does not support more than 1 address per family; use 0.3.0 or newer", answer.EnsureError(7).Message);
    }

    [Fact]
    public async Task The_file_of_defaults_counts_for_every_verb_and_a_release_needs_none()
    {
        using var folder = new TempFolder();
        var path = folder.Write("whereabouts.conf", """{ "range": "10.1.0.8/30", "network_name": "file", "kubernetes": { "kubeconfig": "/x" } }""");
        var ipam = $"\"type\": \"whereabouts\", \"configuration_path\": \"{path}\"";

        Assert.Equal("10.1.0.9/30", (await AddAsync("filed", ipam)).Addresses);
        (await CallAsync("check", "filed", ipam)).EnsureOk();
        (await service.Client.CallAsync("status", NetworkJson.Text(ipam), null)).EnsureOk();
        folder.Write("whereabouts.conf", "{");
        await Wait.UntilAsync(async () => (await service.Client.CallAsync("status", NetworkJson.Text(ipam), null)).Status != System.Net.HttpStatusCode.OK, "a look at the file");
        Assert.Contains($"Whereabouts' file {path} can't be used: it is no JSON", (await AddAsync("other", ipam)).EnsureError(7).Message, StringComparison.Ordinal);
        (await CallAsync("del", "filed", ipam)).EnsureOk();
        Assert.Empty(await service.Daemon.LeasesOf("filed"));
    }

    [Fact]
    public async Task Keys_that_mean_nothing_are_told_of_once()
    {
        using var folder = new TempFolder();
        await using var ipamd = DaemonProcess.LaunchIn(folder);
        await ipamd.UntilLoggedAsync("store opened");
        using var client = new ServiceClient(folder.Combine("run/ipamd.sock"));
        const string ipam = """ "range": "10.1.0.0/24", "log_file": "/tmp/w.log", "leader_lease_duration": 1500 """;
        for (var i = 0; i < 3; i++)
            (await client.CallAsync("add", NetworkJson.Text(ipam), $"c{i}")).EnsureOk();
        (await client.CallAsync("add", NetworkJson.Text(ipam, name: "other"), "c")).EnsureOk();
        await ipamd.UntilLoggedAsync("network other is written for Whereabouts");

        var line = Assert.Single(ipamd.Log, static line => line.Contains("network net is written", StringComparison.Ordinal));
        Assert.EndsWith("network net is written for Whereabouts, and these of its keys change nothing here: leader_lease_duration, log_file", line, StringComparison.Ordinal);
    }

    private Task<ServiceAnswer> AddAsync(string container, string ipam) => CallAsync("add", container, ipam);

    private Task<ServiceAnswer> CallAsync(string verb, string container, string ipam) => service.Client.CallAsync(verb, NetworkJson.Text(ipam), container);
}
