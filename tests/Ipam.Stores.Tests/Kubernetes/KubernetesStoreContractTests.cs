using Ipam.Core.Stores;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;
using Ipam.Stores.Tests.Sqlite;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>The contract, kept by an API server, with the permissions of deploy/kubernetes/rbac and no more.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class KubernetesStoreContractTests(ControlPlane plane) : KubernetesStoreContract(plane);

/// <summary>The contract, kept by any API server.</summary>
public abstract class KubernetesStoreContract(KubernetesServer plane) : StoreContract
{
    private readonly ShiftedTime _time = new();

    protected override async Task<IIpamStore> CreateStoreAsync() => await plane.OpenAsync(time: _time);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await plane.EmptyAsync();
    }
}

/// <summary>The contract, kept by an API server in containers: etcd and kube-apiserver, or K3s. eng/matrix.sh runs it on each version.</summary>
[NeedsKubernetesContainers]
[Trait("Needs", "Matrix")]
public sealed class KubernetesContainerStoreContractTests(KubernetesContainers servers) : KubernetesStoreContract(servers), IClassFixture<KubernetesContainers>;
