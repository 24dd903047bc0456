using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Ipam.Service.Tests.Support;
using Testing.Servers;

namespace Ipam.Service.Tests.Hosting;

/// <summary>Nodes that leave the work for all to controllers, on Kubernetes.</summary>
[NeedsControlPlane]
public sealed class RoleTests(ControlPlane plane) : IClassFixture<ControlPlane>, IDisposable
{
    private const string Pools = "apis/ipamsuite.dev/v1alpha1/ippools";
    private const string Lease = "apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases/ipam.controller";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ServerFact]
    public async Task A_node_leaves_the_lead_to_controllers_that_do_the_work_for_all_and_hand_it_over_when_they_stop()
    {
        await plane.Admin.MustAsync(HttpMethod.Post, Pools, """
            {"apiVersion":"ipamsuite.dev/v1alpha1","kind":"IPPool","metadata":{"name":"small"},"spec":{"ranges":[{"subnet":"10.61.0.0/30"}]}}
            """);
        var (socket, spool) = (_folder.Combine("node/run/ipamd.sock"), _folder.Combine("node/spool"));
        await using var node = Launch("--role", "node", "--node", "worker-1", "--socket", socket, "--spool", spool);
        await node.UntilLoggedAsync("store opened: ");
        using var client = new ServiceClient(socket);
        (await client.CallAsync("add", NetworkJson.Text("\"pools\": [\"small\"]"))).EnsureOk();
        // Whoever may lead takes a lead that nobody has at its first look.
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.NotFound, (await plane.Admin.SendAsync(HttpMethod.Get, Lease)).Status);
        Assert.DoesNotContain("\"used\":", await PoolAsync(), StringComparison.Ordinal);

        var port = Ports.Free();
        await using var first = Launch("--role", "controller", "--node", "first", "--listen", $"127.0.0.1:{port}");
        await UntilLedByAsync("first");
        await Wait.UntilAsync(async () => (await PoolAsync()) is var pool && pool.Contains("\"used\":1,", StringComparison.Ordinal) && pool.Contains("ipamsuite.dev/leases", StringComparison.Ordinal), "a pool with status and finalizer");
        using (var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") })
        {
            var metrics = PrometheusPage.Parse(await http.GetStringAsync("/metrics"));
            Assert.Equal((1, 1), (metrics["ipamsuite_ready"], metrics["ipamsuite_leader"]));
            Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
            using var refused = await http.PostAsync("/cni/add", null);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        await using var second = Launch("--role", "controller", "--node", "second");
        await second.UntilLoggedAsync("store opened: ");
        first.Signal("TERM");
        Assert.Equal(0, (await first.ExitAsync()).Code);
        var stoppedAt = Stopwatch.GetTimestamp();
        await UntilLedByAsync("second");
        // A term is 15 s.
        Assert.InRange(Stopwatch.GetElapsedTime(stoppedAt), TimeSpan.Zero, TimeSpan.FromSeconds(5));

        (await client.CallAsync("del", NetworkJson.Text("\"pools\": [\"small\"]"))).EnsureOk();
        await Wait.UntilAsync(async () => (await PoolAsync()).Contains("\"used\":0,", StringComparison.Ordinal), "a pool that the second one found empty");
        second.Signal("TERM");
        Assert.Equal(0, (await second.ExitAsync()).Code);
        // A controller needs no place on the disk.
        Assert.Equal([_folder.Combine("node")], Directory.GetFileSystemEntries(_folder.Path));
    }

    private DaemonProcess Launch(params string[] arguments) => DaemonProcess.Launch(["--store", $"kubernetes:{plane.Kubeconfig()}", .. arguments]);

    private Task<string> PoolAsync() => plane.Admin.MustAsync(HttpMethod.Get, $"{Pools}/small");

    private Task UntilLedByAsync(string name) => Wait.UntilAsync(
        async () =>
        {
            var (status, body) = await plane.Admin.SendAsync(HttpMethod.Get, Lease);
            if (status != HttpStatusCode.OK)
                return false;
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("spec").TryGetProperty("holderIdentity", out var holder) && holder.GetString()!.StartsWith($"{name}_", StringComparison.Ordinal);
        },
        $"{name} in the lead");
}
