using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Access from within a pod: what kubelet puts there, and renews (kubernetes.io, "Accessing the Kubernetes API from a Pod").</summary>
internal static class InCluster
{
    /// <summary>Where kubelet mounts the service account.</summary>
    public const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this is a pod.</summary>
    public static bool Is(Func<string, string?> environment) =>
        !string.IsNullOrEmpty(environment("KUBERNETES_SERVICE_HOST")) && !string.IsNullOrEmpty(environment("KUBERNETES_SERVICE_PORT"));

    /// <summary>Reads the access.</summary>
    /// <exception cref="StoreException">The pod has no service account.</exception>
    public static ClusterAccess Read(string folder, Func<string, string?> environment, TimeProvider time)
    {
        var host = environment("KUBERNETES_SERVICE_HOST")!;
        var server = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{environment("KUBERNETES_SERVICE_PORT")}/";
        SecretText File(string name) => SecretText.InFile($"the pod's service account in {folder}", Path.Combine(folder, name));
        try
        {
            var written = new WrittenCredentials(time) { Token = File("token") };
            _ = written.Token.Read();
            return new ClusterAccess(new Uri(server), new Credentials(written.ReadAsync, WrittenCredentials.Late, time))
            {
                Authorities = new Authorities(File("ca.crt")),
                Namespace = System.IO.File.Exists(Path.Combine(folder, "namespace")) ? File("namespace").Read().Trim() : null,
            };
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException or UriFormatException)
        {
            throw new StoreException($"the service account in {folder} can't be used: {e.Message}; does the pod mount one (automountServiceAccountToken)?", e);
        }
    }
}
