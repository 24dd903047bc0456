using Ipam.Service.Tests.Support;
using Testing.Servers;

namespace Ipam.Service.Tests.Hosting;

/// <summary>What ipamd says on Kubernetes about the name that its node has.</summary>
[NeedsControlPlane]
public sealed class NodeNameTests(ControlPlane plane) : IClassFixture<ControlPlane>, IDisposable
{
    private const string Warning = "the Kubernetes API shows no node";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ServerFact]
    public async Task A_name_that_no_node_of_the_cluster_has_is_warned_of_once_at_the_start_and_a_name_that_one_has_is_not()
    {
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{"apiVersion":"v1","kind":"Node","metadata":{"name":"worker-1"}}""");

        Assert.Contains($"{Warning} 'worker-one', ", Assert.Single(await WarningsAsync("worker-one")), StringComparison.Ordinal);
        Assert.Empty(await WarningsAsync("worker-1"));
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(string node)
    {
        await using var ipamd = DaemonProcess.Launch(
            "--store", $"kubernetes:{plane.Kubeconfig()}", "--socket", _folder.Combine($"{node}.sock"), "--spool", _folder.Combine(node), "--node", node);
        await ipamd.UntilLoggedAsync("store opened: ");
        ipamd.Signal("TERM");
        return [.. (await ipamd.ExitAsync()).Error.Split('\n').Where(static line => line.Contains(Warning, StringComparison.Ordinal))];
    }
}
