using Ipam.Stores.Kubernetes;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>An API server as a store meets it.</summary>
internal static class ControlPlaneStores
{
    /// <summary>A store over the API server, open.</summary>
    public static async Task<KubernetesStore> OpenAsync(
        this KubernetesServer plane, KubernetesStoreOptions? options = null, TimeProvider? time = null, string token = KubernetesServer.ServiceToken, int? port = null)
    {
        var store = new KubernetesStore(new KubernetesUrl(plane.Kubeconfig(token, port)), time ?? TimeProvider.System, options);
        await store.OpenAsync(default);
        return store;
    }
}

/// <summary>Tests that share one control plane.</summary>
[CollectionDefinition(Name)]
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlane>
{
    public const string Name = "Kubernetes control plane";
}
