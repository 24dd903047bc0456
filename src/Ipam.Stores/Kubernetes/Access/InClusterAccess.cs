using System.Security.Cryptography;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Access from within a pod: what kubelet puts there (kubernetes.io, "Accessing the Kubernetes API from a Pod").</summary>
internal static class InClusterAccess
{
    /// <summary>Where kubelet mounts the service account.</summary>
    public const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Reads the access.</summary>
    /// <exception cref="StoreException">This is no pod, or it has no service account.</exception>
    public static ClusterAccess Read(string folder, Func<string, string?> environment, TimeProvider time)
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
            throw new StoreException(
                "kubernetes: works inside a pod only, for KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; elsewhere name a kubeconfig, as in kubernetes:/etc/ipam/kubeconfig");
        try
        {
            var namespaceFile = Path.Combine(folder, "namespace");
            return new ClusterAccess(
                new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/"),
                new TokenFile(Path.Combine(folder, "token"), null, time))
            {
                Authorities = PemFiles.Certificates(File.ReadAllText(Path.Combine(folder, "ca.crt"))),
                Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or UriFormatException)
        {
            throw new StoreException($"the service account in {folder} can't be used: {e.Message}; does the pod mount one (automountServiceAccountToken)?", e);
        }
    }
}
