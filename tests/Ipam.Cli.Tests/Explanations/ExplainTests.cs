using System.Text.Json;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Explanations;

public sealed class ExplainTests : CatalogTest
{
    private const string Conflist = """
        { "cniVersion": "1.0.0", "name": "pods", "plugins": [
            { "type": "net-ptp", "ipam": { "type": "ipam", "pools": ["lab", "off", "blue", "spare"] } },
            { "type": "portmap", "capabilities": { "portMappings": true } } ] }
        """;

    [Fact]
    public async Task Each_range_says_why_it_is_used_or_not()
    {
        await DoAsync("pool", "create", "lab", "--range", "10.2.0.0/29", "--namespace", "lab");
        await DoAsync("pool", "create", "off", "--range", "10.3.0.0/29", "--disabled");
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29", "--cooldown", "60");
        await DoAsync("pool", "create", "spare", "--range", "10.9.0.0/29");
        await DoAsync("reservation", "add", "10.1.0.6");
        await GiveAsync(
            Some.Lease("10.1.0.2", pod: Some.Pod("web-0")), Some.Lease("10.1.0.3", pod: Some.Pod("web-1")), Some.Lease("10.1.0.4", pod: Some.Pod("job", "jobs")));
        await CoolAsync("10.1.0.5", Now.AddSeconds(30));

        var outcome = await RunAsync("explain", "--pod", "shop/web-9", "--node", "node-a", "--config", Write("10-pods.conflist", Conflist));

        Assert.Equal(
            $"""
            POD            shop/web-9
            CONTAINER      -
            NODE           node-a
            NETWORK        pods
            CONFIGURATION  {ConflistPath}
            SPACE          default
            HOLDS          nothing
            ADD NOW        10.9.0.2 of pool spare

            SET  POOL   RANGE              SIZE  HELD  COOLING  RESERVED  FREE  NEXT      WHY
            0    lab    10.2.0.2-10.2.0.6  5     0     0        0         5     -         pool lab is for pods of namespaces lab, not shop
            0    off    10.3.0.2-10.3.0.6  5     0     0        0         5     -         pool off is disabled
            0    blue   10.1.0.2-10.1.0.5  4     3     1        1         0     -         exhausted: 3 held (namespace shop: 2, namespace jobs: 1); 1 cooling down, the first until 2026-03-04T12:05:30Z
            0    spare  10.9.0.2-10.9.0.6  5     0     0        0         5     10.9.0.2  would be used

            """, outcome.Output);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task Without_an_address_it_says_what_the_pod_is_told()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/30");
        await GiveAsync(Some.Lease("10.1.0.2", pod: Some.Pod("web-0")));
        var file = Write("10-pods.conflist", Conflist.Replace("\"lab\", \"off\", \"blue\", \"spare\"", "\"blue\"", StringComparison.Ordinal));

        var outcome = await RunAsync("explain", "--pod", "shop/web-9", "--config", file);

        Assert.Equal(8, outcome.ExitCode);
        Assert.Contains("ADD NOW        error 100: no IP addresses available in pool blue: 10.1.0.2 of pool blue; 1 held in space \"default\"", outcome.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await RunAsync("explain", "--pod", "shop/web-9", "--config", file, "-o", "json")).Output);
        var explanation = json.RootElement[0];
        Assert.Equal("100", explanation.GetProperty("errorCode").GetString());
        Assert.False(explanation.GetProperty("ranges")[0].GetProperty("used").GetBoolean());
    }

    [Fact]
    public async Task Who_holds_an_address_gets_it_again_whatever_the_pool_is_by_now()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--disabled");
        await GiveAsync(Some.Lease("10.1.0.9", pod: Some.Pod("web-0")));
        Write("10-pods.conflist", Conflist.Replace("\"lab\", \"off\", \"blue\", \"spare\"", "\"blue\"", StringComparison.Ordinal));
        Write("05-broken.conflist", "{");

        foreach (var subject in ((string, string)[])[("--pod", "shop/web-0"), ("--container", "10.1.0.9-def")])
        {
            var outcome = await RunAsync("explain", subject.Item1, subject.Item2, "--conf-dir", Path.GetDirectoryName(DatabaseFile)!);

            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
            Assert.Contains("HOLDS          10.1.0.9\nADD NOW        10.1.0.9, which it holds\n", outcome.Output, StringComparison.Ordinal);
            Assert.EndsWith("holds 10.1.0.9\n", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_configuration_that_cant_be_used_is_the_answer()
    {
        var outcome = await RunAsync("explain", "--pod", "shop/web-9", "--config", Write("10-pods.conflist", Conflist));

        Assert.Equal(8, outcome.ExitCode);
        Assert.Contains("ADD NOW        error 7: ipam: there is no pool \"lab\"; create it with", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_and_pods_count_as_they_do_for_ipamd()
    {
        await DoAsync("pool", "create", "lab", "--range", "10.2.0.0/29", "--network", "storage");
        await DoAsync("pool", "create", "off", "--range", "10.3.0.0/29", "--pod-label", "app=web");
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29", "--namespace-label", "tier=gold");
        await DoAsync("pool", "create", "spare", "--range", "10.9.0.0/29");

        var outcome = await RunAsync("explain", "--pod", "shop/web-9", "--config", Write("10-pods.conflist", Conflist));

        Assert.Contains("  pool lab is for networks storage, not pods\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("and those of pod shop/web-9 aren't known: the store belongs to no Kubernetes cluster (see its podSelector)\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("and those of namespace shop aren't known: the store belongs to no Kubernetes cluster (see its namespaceSelector)\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("ADD NOW        10.9.0.2 of pool spare\n", outcome.Output, StringComparison.Ordinal);

        var choosing = Write("10-pods.conflist", Conflist.Replace("\"pools\"", "\"podAnnotations\": true, \"pools\"", StringComparison.Ordinal));
        Assert.Contains(
            "ADD NOW        error 7: ipam: podAnnotations are those of pods of a Kubernetes cluster, and the store belongs to none",
            (await RunAsync("explain", "--pod", "shop/web-9", "--config", choosing)).Output, StringComparison.Ordinal);
        // Each by itself is in no network yet.
        Assert.Matches("lab .* would be used\n", (await RunAsync("explain", "--pod", "shop/web-9", "--conf-dir", "/nowhere")).Output);
    }

    [Fact]
    public async Task Without_a_configuration_each_pool_stands_by_itself()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29");
        await DoAsync("pool", "create", "red", "--range", "10.1.0.0/29", "--space", "red");

        var outcome = await RunAsync("explain", "--pod", "shop/web-9", "--conf-dir", "/nowhere");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("ADD NOW        not known without the network configuration\n", outcome.Output, StringComparison.Ordinal);
        Assert.Matches("0 +blue .* 10.1.0.2 +would be used\n0 +red .* 10.1.0.2 +would be used\n", outcome.Output);
        Assert.Contains("each pool is shown by itself", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_for_certain_nodes_needs_the_node_and_its_labels()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.1.0.0/29", "--node-label", "zone=a");

        Assert.Equal(2, (await RunAsync("explain", "--pod", "shop/web-9", "--conf-dir", "/nowhere")).ExitCode);
        var unknown = await RunAsync("explain", "--pod", "shop/web-9", "--conf-dir", "/nowhere", "--node", "n");
        Assert.Contains("pool blue is for nodes with the labels zone=a, and node n has no zone (see its nodeSelector)", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("give them by --node-label", unknown.Error, StringComparison.Ordinal);
        var labelled = await RunAsync("explain", "--pod", "shop/web-9", "--conf-dir", "/nowhere", "--node", "n", "--node-label", "zone=a");
        Assert.Contains("would be used", labelled.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "One of --pod, --container and --config is needed.")]
    [InlineData(2, "--pod 'web-0' must be NAMESPACE/NAME, as shop/web-0 is.", "--pod", "web-0")]
    [InlineData(2, "give one of them", "--pod", "shop/web-0", "--container", "a")]
    [InlineData(3, "no container whose id begins with 'nobody' holds an address", "--container", "nobody")]
    [InlineData(4, "the ids of 2 containers begin with '10.'", "--container", "10.")]
    public async Task What_cant_be_explained_says_why(int exitCode, string message, params string[] arguments)
    {
        await GiveAsync(Some.Lease("10.1.0.2"), Some.Lease("10.1.0.3"));

        var outcome = await RunAsync(["explain", "--conf-dir", "/nowhere", .. arguments]);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    private string ConflistPath => Path.Combine(Path.GetDirectoryName(DatabaseFile)!, "10-pods.conflist");

    private async Task CoolAsync(string address, DateTimeOffset until)
    {
        var lease = Some.Lease(address);
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        var block = (await store.ReadBlocksAsync([BlockId.Of(lease.Space, lease.Address)], default)).Single();
        var cooling = block with { Cooling = [new CoolingAddress(BlockId.OffsetOf(lease.Address), until)] };
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(cooling, [], [])], default))[0].Status);
    }
}
