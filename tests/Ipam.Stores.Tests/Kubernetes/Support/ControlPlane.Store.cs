using Ipam.Stores.Kubernetes;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>The control plane as a store meets it.</summary>
public sealed partial class ControlPlane
{
    /// <summary>A store over the API server, open.</summary>
    internal async Task<KubernetesStore> OpenAsync(
        KubernetesStoreOptions? options = null, TimeProvider? time = null, string token = ServiceToken, int? port = null)
    {
        var store = new KubernetesStore(new KubernetesUrl(Kubeconfig(token, port)), time ?? TimeProvider.System, options);
        await store.OpenAsync(default);
        return store;
    }
}
