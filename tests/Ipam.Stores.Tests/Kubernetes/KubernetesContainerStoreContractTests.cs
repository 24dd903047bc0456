namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>The contract, kept by an API server in containers: etcd and kube-apiserver, or K3s.</summary>
[NeedsKubernetesContainers]
public sealed class KubernetesContainerStoreContractTests(KubernetesContainers servers) : KubernetesStoreContract(servers), IClassFixture<KubernetesContainers>;
