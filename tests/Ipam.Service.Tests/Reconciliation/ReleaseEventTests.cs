using Cni.Protocol;
using Ipam.Service.Tests.Support;
using Testing.Servers;

namespace Ipam.Service.Tests.Reconciliation;

/// <summary>What people see on Kubernetes of a release without a DEL.</summary>
[NeedsControlPlane]
public sealed class ReleaseEventTests(ControlPlane plane) : IClassFixture<ControlPlane>, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ContainerNamespaces _containers = new();

    public void Dispose()
    {
        _containers.Dispose();
        _folder.Dispose();
    }

    [RootFact("unshare", "nsenter")]
    public async Task A_leak_that_is_released_is_an_event_of_its_pool_and_of_its_pod()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces/default/pods", """{"metadata":{"name":"web-0"},"spec":{"nodeName":"worker-1","containers":[{"name":"c","image":"i"}]}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "apis/ipamsuite.dev/v1alpha1/ippools", """
            {"apiVersion":"ipamsuite.dev/v1alpha1","kind":"IPPool","metadata":{"name":"blue"},"spec":{"ranges":[{"subnet":"10.61.0.0/24"}]}}
            """);
        var socket = _folder.Combine("run/ipamd.sock");
        await using var ipamd = DaemonProcess.Launch(
            "--store", $"kubernetes:{plane.Kubeconfig()}", "--socket", socket, "--spool", _folder.Combine("spool"), "--node", "worker-1", "--gc-grace", "5");
        await ipamd.UntilLoggedAsync("store opened: ");
        using var client = new ServiceClient(socket);
        foreach (var (container, pod) in ((string, string)[])[("dies", "web-0"), ("dies-too", "gone"), ("lives", "web-0")])
        {
            var path = _containers.Create(container);
            (await client.CallAsync(
                "add", NetworkJson.Text("\"pools\": [\"blue\"]"), container, ("CNI_NETNS", path), ("IPAM-Namespace", NamespaceMark.Of(path).ToString()),
                ("CNI_ARGS", $"IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME={pod}"))).EnsureOk();
        }
        _containers.Remove("dies");
        _containers.Remove("dies-too");

        await Wait.UntilAsync(() => HasEventAsync("blue", "released: 2: "), "an Event of the pool");
        await Wait.UntilAsync(() => HasEventAsync("web-0", "of a container of this pod"), "an Event of the pod");
        Assert.False(await HasEventAsync("gone", ""));
    }

    private async Task<bool> HasEventAsync(string name, string part)
    {
        var events = await plane.Admin.MustAsync(HttpMethod.Get, $"api/v1/namespaces/default/events?fieldSelector=involvedObject.name={name},reason=AddressesReleased");
        return events.Contains("\"AddressesReleased\"", StringComparison.Ordinal) && events.Contains(part, StringComparison.Ordinal);
    }
}
