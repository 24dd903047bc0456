using Ipam.Cli.Tests.Support;
using Ipam.Core.Stores;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests.Doctor;

public sealed class DoctorTests : CatalogTest
{
    private readonly TempFolder _host = new();

    private string[] Host => ["--host-root", _host.Path, "--bin-dir", "/bin", "--conf-dir", "/conf"];

    [Fact]
    public async Task A_store_in_order_is_fine()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await GiveAsync(Some.Lease("10.0.0.9"));
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
            Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-a", "i", "r", "h", (await store.Past.ReadAsync(default)).Identity, 1), null, default));
        File.SetUnixFileMode(DatabaseFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var outcome = await RunAsync(["doctor", .. Host]);

        Assert.Equal(new CliOutcome(0,
            $"""
            CHECK     STATE  FINDING
            store     ok     {DatabaseUrl} is open, and has the schema of this version
            settings  ok     nothing in the store's settings endangers leases
            content   ok     held: 1, blocks: 1, pools: 1; no problem ('ipamctl check' looks closer)
            nodes     ok     registered: 1, stopped: 0 ('ipamctl node list --wait' says which report)
            clock     ok     no lease is ahead of this machine's clock
            machine   ok     no node: there is neither ipamd's socket {_host.Path}/run/ipam/ipamd.sock nor a network configuration in {_host.Path}/conf. Run it on a node to check that

            """, ""), outcome);
    }

    [Fact]
    public async Task What_is_wrong_says_what_to_do()
    {
        await DoAsync("pool", "create", "full", "--range", "10.0.0.0/30");
        await GiveAsync(Some.Lease("10.0.0.2"));
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            var block = (await store.ListSummariesAsync(BlockFilter.All, default)).Single();
            var whole = (await store.ReadBlocksAsync([block.Id], default)).Single();
            await store.CommitAsync([new Ipam.Core.Blocks.BlockChange(whole with { LastSequence = (Now.ToUnixTimeMilliseconds() + 90_000) * 1000 }, [], [])], default);
        }
        Put("bin/ipam", "#!/bin/sh\nexit 1\n");
        Put("bin/net-ptp", "");
        Put("conf/10-ours.conflist", """{ "cniVersion": "1.0.0", "name": "pods", "plugins": [ { "type": "net-ptp", "ipam": { "type": "ipam", "pools": ["full", "nope"] } } ] }""");
        Put("conf/20-misspelt.conflist", """{ "cniVersion": "1.0.0", "name": "pods", "type": "net-ptp", "ipam": { "type": "ipam", "pols": ["full"] } }""");
        Put("conf/30-broken.conflist", "{");
        Put("conf/40-other.conflist", """{ "cniVersion": "1.0.0", "name": "other", "type": "bridge", "ipam": { "type": "host-local" } }""");
        Put("spool/a~b~eth0.json", "{}");
        File.SetLastWriteTimeUtc(_host.Combine("spool/a~b~eth0.json"), Now.AddMinutes(-10).UtcDateTime);

        var outcome = await RunAsync(["doctor", "--spool", "/spool", .. Host]);

        Assert.Equal((8, ""), (outcome.ExitCode, outcome.Error));
        Assert.Collection(
            outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.Contains(" ok ", StringComparison.Ordinal)).Skip(1),
            static line => Assert.Matches("^content +error +pool full has no IPv4 address left", line),
            static line => Assert.Matches("^nodes +warning +no ipamd is registered; start one", line),
            static line => Assert.Matches("^clock +warning +the newest lease is 90 s ahead of this machine's clock", line),
            static line => Assert.Matches("^ipamd +error +ipamd doesn't answer on ", line),
            static line => Assert.Matches("^spool +warning +1 releases wait in .*, the oldest for 10m; ipamd's log says why", line),
            static line => Assert.Matches("^plugin +error +.*/bin/ipam doesn't answer VERSION", line),
            static line => Assert.Matches("^configuration +error +.*10-ours.conflist names pools that there aren't: nope; create them", line),
            static line => Assert.Matches("^configuration +error +.*20-misspelt.conflist: unknown key \"pols\" in ipam; did you mean \"pools\"", line),
            static line => Assert.Matches("^configuration +error +.*30-broken.conflist can't be read as JSON", line),
            static line => Assert.Matches("^configuration +error +.*40-other.conflist names plugins that are not in .*/bin: bridge, host-local; install them", line),
            static line => Assert.Matches("^configuration +warning +no network configuration in .* that can be used uses ipam", line));
    }

    [Fact]
    public async Task A_node_in_order_is_fine()
    {
        Put("bin/ipam", "#!/bin/sh\necho '{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"1.1.0\"]}'\n");
        Put("bin/net-ptp", "");
        Put("conf/10-ours.conflist", """{ "cniVersion": "1.0.0", "name": "pods", "plugins": [ { "type": "net-ptp", "ipam": { "type": "ipam", "subnet": "10.0.0.0/24" } } ] }""");

        var output = (await RunAsync(["doctor", .. Host])).Output;

        Assert.Matches("plugin +ok +.*/bin/ipam answers\n", output);
        Assert.Matches("configuration +ok +.*/conf/10-ours.conflist can be used\n", output);
        Assert.Matches("spool +ok +no release waits", output);
    }

    [Fact]
    public async Task A_store_that_cant_be_opened_is_a_finding()
    {
        var outcome = await RunPlainAsync(["doctor", "--store", "sqlite:/nowhere/ipam.db", .. Host]);

        Assert.Equal((8, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches("store +error +.*/nowhere/ipam.db", outcome.Output);
    }

    private void Put(string name, string text)
    {
        var path = _host.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

/// <summary>The API server says what an account may.</summary>
[NeedsControlPlane]
public sealed class DoctorOnKubernetesTests(ControlPlane plane) : CommandTest, IClassFixture<ControlPlane>
{
    [ServerFact]
    public async Task Each_permission_that_is_missing_has_a_line()
    {
        CreateStore = static url => StoreFactory.Create(url, TimeProvider.System);
        StoreUrl = $"kubernetes:{plane.Kubeconfig(KubernetesServer.CollectorToken)}";

        var outcome = await RunAsync("doctor", "--bin-dir", "/nowhere", "--conf-dir", "/nowhere");

        Assert.Equal((8, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches("permissions +warning +this account may not create ippools.ipamsuite.dev, which changing pools needs; bind the roles of deploy/kubernetes/rbac/ipamctl.yaml\n", outcome.Output);
        Assert.Contains("this account may not create ipblocks.ipamsuite.dev, which 'lease add', 'import' and 'restore' needs", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("may not list ipblocks", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("may not list pods", outcome.Output, StringComparison.Ordinal);
    }
}
