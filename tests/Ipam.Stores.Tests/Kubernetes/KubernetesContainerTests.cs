using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>An API server in containers; its contract is eng/matrix.sh's.</summary>
[NeedsKubernetesContainers]
public sealed class KubernetesContainerTests(KubernetesContainers servers) : IClassFixture<KubernetesContainers>
{
    [Fact]
    public async Task It_keeps_what_was_committed_and_refuses_what_was_made_from_an_older_version()
    {
        await using var store = await servers.OpenAsync();
        var lease = Some.Lease("10.0.0.12");
        var change = Change.Give(Some.NoBlock(), lease);

        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);
        Assert.Equal(CommitStatus.Conflict, Assert.Single(await store.CommitAsync([change], default)).Status);

        Assert.Equal([lease], Assert.Single(await store.ReadBlocksAsync([change.Block.Id], default)).Leases);
    }
}
