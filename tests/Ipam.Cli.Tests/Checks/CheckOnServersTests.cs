using System.Text.Json;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests.Checks;

/// <summary>A leak that a check finds is released by its report, and nothing else.</summary>
public abstract class CheckOnServersTests : CommandTest
{
    /// <summary>The store of a URL.</summary>
    private protected static async Task<IIpamStore> OpenAsync(string url)
    {
        var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        return store;
    }

    private protected static Lease Of(string address, string node) => Some.Lease(address) with { Node = node };

    /// <summary>Returns the report.</summary>
    private protected async Task<string> FindAndReleaseAsync(IIpamStore store, params string[] options)
    {
        var found = await RunOverTimeAsync(["check", "-o", "json", .. options]);
        Assert.Equal(8, found.ExitCode);
        var identity = (await store.Past.ReadAsync(default)).Identity;
        Assert.Contains($"\"identity\": \"{identity}\"", found.Output, StringComparison.Ordinal);
        Assert.Contains("\"address\": \"10.0.0.1\"", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"address\": \"10.0.1.1\"", found.Output, StringComparison.Ordinal);
        Now = Now.AddMinutes(20);

        var repaired = await RunOverTimeAsync(["repair", "--from-report", Write("report.json", found.Output), .. options]);
        Assert.Equal(0, repaired.ExitCode);
        Assert.EndsWith("ipamctl: the reports name 1 leaks: 1 released, 0 stay, 0 were released before\n", repaired.Error, StringComparison.Ordinal);
        Assert.Equal("10.0.1.1", Assert.Single(await store.LeasesAsync()).Address.ToString());
        return found.Output;
    }
}

public sealed class CheckOnRedisTests : CheckOnServersTests
{
    [RequiresFact("redis-server")]
    public async Task What_a_report_names_is_released()
    {
        using var server = await RedisServer.StartNewAsync();
        StoreUrl = $"redis://127.0.0.1:{server.Port}/0";
        await using var store = await OpenAsync(StoreUrl);
        await store.ChangeAsync(added: [Of("10.0.0.1", "dead"), Of("10.0.1.1", "alive")], removed: []);
        await using var alive = await ReportingNode.StartAsync(StoreUrl, "alive");

        await FindAndReleaseAsync(store, "--node-gone-after", "60");
    }
}

/// <summary>With the rights of deploy/kubernetes/rbac/gc.yaml and no more.</summary>
[NeedsControlPlane]
public sealed class CheckOnKubernetesTests(ControlPlane plane) : CheckOnServersTests, IClassFixture<ControlPlane>
{
    [ServerFact]
    public async Task What_a_report_names_is_released()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{"metadata":{"name":"alive"}}""");
        // A cluster without any pod is not believed.
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces/default/pods", """{"metadata":{"name":"p"},"spec":{"nodeName":"alive","containers":[{"name":"c","image":"i"}]}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "apis/ipamsuite.dev/v1alpha1/ippools", """{"apiVersion":"ipamsuite.dev/v1alpha1","kind":"IPPool","metadata":{"name":"blue"},"spec":{"ranges":[{"subnet":"10.0.0.0/24","gateway":"10.0.0.254"}]}}""");
        await using var store = await OpenAsync($"kubernetes:{plane.Kubeconfig()}");
        await store.ChangeAsync(added: [Of("10.0.0.1", "dead"), Of("10.0.1.1", "alive")], removed: []);
        Assert.True(await store.Nodes.PutAsync(new NodeEntry("dead", "instance", "run", "host", "identity", 0) { ClusterUid = "uid" }, null, default));
        StoreUrl = $"kubernetes:{plane.Kubeconfig(KubernetesServer.CollectorToken)}?renewSeconds=1";
        var space = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, "api/v1/namespaces/kube-system")).RootElement;

        var found = await FindAndReleaseAsync(store);

        var events = await plane.Admin.MustAsync(HttpMethod.Get, "api/v1/namespaces/default/events?fieldSelector=involvedObject.name=blue");
        Assert.Contains("\"reason\":\"AddressesReleased\"", events, StringComparison.Ordinal);
        Assert.Contains("\"component\":\"ipamctl\"", events, StringComparison.Ordinal);
        Assert.Contains($"\"clusterUid\": \"{space.GetProperty("metadata").GetProperty("uid").GetString()}\"", found, StringComparison.Ordinal);
    }
}
