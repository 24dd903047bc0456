using System.Diagnostics;
using Ipam.Core.Pools;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>What a person with kubectl sees.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class KubectlTests(ControlPlane plane) : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.EmptyAsync();

    public void Dispose() => _folder.Dispose();

    [RequiresFact("kubectl")]
    public async Task A_pool_is_applied_listed_with_what_is_used_edited_and_deleted()
    {
        await File.WriteAllTextAsync(_folder.Combine("pool.yaml"), """
            apiVersion: ipamsuite.dev/v1alpha1
            kind: IPPool
            metadata:
              name: blue
            spec:
              ranges:
                - subnet: 10.1.0.0/16
                - subnet: 10.2.0.0/16
            """);
        Assert.Equal("ippool.ipamsuite.dev/blue created\n", await KubectlAsync("apply", "-f", _folder.Combine("pool.yaml")));

        await using var store = await plane.OpenAsync();
        await store.PoolStatuses!.PublishAsync([new PoolUsage("blue", "10.1.0.0/16, 10.2.0.0/16", new FamilyUsage(131_068, 0, 3, 131_065), null)], default);

        var lines = (await KubectlAsync("get", "ippools")).Split('\n');
        Assert.Equal(["NAME", "SPACE", "RANGES", "USED", "FREE", "USED%", "AGE"], Words(lines[0]));
        Assert.Equal(["blue", "default", "10.1.0.0/16,", "10.2.0.0/16", "3", "131065", "0.1%"], Words(lines[1])[..7]);
        Assert.Equal("ippool.ipamsuite.dev/blue patched\n", await KubectlAsync("patch", "ippool", "blue", "--type=merge", "-p", """{"spec":{"disabled":true}}"""));
        Assert.Equal("ippool.ipamsuite.dev \"blue\" deleted\n", await KubectlAsync("delete", "ippool", "blue"));
    }

    [RequiresFact("kubectl")]
    public async Task Each_kind_and_field_is_explained()
    {
        Assert.Contains("Whether nothing new is handed out from the pool", await KubectlAsync("explain", "ippool.spec.disabled"), StringComparison.Ordinal);
        Assert.Contains("One address and who holds it", await KubectlAsync("explain", "ipblock.spec.leases"), StringComparison.Ordinal);
        Assert.Contains("Why, for people", await KubectlAsync("explain", "ipreservation.spec.reason"), StringComparison.Ordinal);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder.Combine("kubeconfig"), $$"""
            { current-context: x, contexts: [{ name: x, context: { cluster: c, user: u } }],
              clusters: [{ name: c, cluster: { server: "https://127.0.0.1:{{plane.Port}}", insecure-skip-tls-verify: true } }],
              users: [{ name: u, user: { client-certificate: admin.pem, client-key: admin.key } }] }
            """);
        await File.WriteAllTextAsync(_folder.Combine("admin.pem"), plane.Certificates.Admin);
        await File.WriteAllTextAsync(_folder.Combine("admin.key"), plane.Certificates.AdminKey);
        return Command.Run("kubectl", ["--kubeconfig", _folder.Combine("kubeconfig"), "--cache-dir", _folder.Combine("cache"), .. arguments]);
    }
}
