using Ipam.Core.Pools;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>What a person with kubectl sees.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class KubectlTests(ControlPlane plane) : IAsyncLifetime, IDisposable
{
    private readonly Kubectl _kubectl = new(plane);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.EmptyAsync();

    public void Dispose() => _kubectl.Dispose();

    [RequiresFact("kubectl")]
    public async Task A_pool_is_applied_listed_with_what_is_used_edited_and_deleted()
    {
        var file = _kubectl.Write("pool.yaml", """
            apiVersion: ipamsuite.dev/v1alpha1
            kind: IPPool
            metadata:
              name: blue
            spec:
              ranges:
                - subnet: 10.1.0.0/16
                - subnet: 10.2.0.0/16
            """);
        Assert.Equal("ippool.ipamsuite.dev/blue created\n", _kubectl.Run("apply", "-f", file));

        await using var store = await plane.OpenAsync();
        await store.PoolStatuses!.PublishAsync([new PoolUsage("blue", "10.1.0.0/16, 10.2.0.0/16", new FamilyUsage(131_068, 0, 3, 131_065), null)], default);

        var lines = _kubectl.Run("get", "ippools").Split('\n');
        Assert.Equal(["NAME", "SPACE", "RANGES", "USED", "FREE", "USED%", "AGE"], Words(lines[0]));
        Assert.Equal(["blue", "default", "10.1.0.0/16,", "10.2.0.0/16", "3", "131065", "0.1%"], Words(lines[1])[..7]);
        Assert.Equal("ippool.ipamsuite.dev/blue patched\n", _kubectl.Run("patch", "ippool", "blue", "--type=merge", "-p", """{"spec":{"disabled":true}}"""));
        Assert.Equal("ippool.ipamsuite.dev \"blue\" deleted\n", _kubectl.Run("delete", "ippool", "blue"));
    }

    [RequiresFact("kubectl")]
    public void Each_kind_and_field_is_explained()
    {
        Assert.Contains("Whether nothing new is handed out from the pool", _kubectl.Run("explain", "ippool.spec.disabled"), StringComparison.Ordinal);
        Assert.Contains("One address and who holds it", _kubectl.Run("explain", "ipblock.spec.leases"), StringComparison.Ordinal);
        Assert.Contains("Why, for people", _kubectl.Run("explain", "ipreservation.spec.reason"), StringComparison.Ordinal);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
