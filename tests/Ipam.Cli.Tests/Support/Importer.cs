using Testing.Servers;

namespace Ipam.Cli.Tests.Support;

/// <summary>One who has the roles for imports and restores on Kubernetes, and no others.</summary>
internal static class Importer
{
    /// <summary>The URL of the store for this user.</summary>
    public static async Task<string> UrlAsync(KubernetesServer server)
    {
        foreach (var (path, kind, role) in new[]
        {
            ("clusterrolebindings", "ClusterRole", "ipamctl"), ("clusterrolebindings", "ClusterRole", "ipamctl-import"),
            ($"namespaces/{KubernetesServer.Namespace}/rolebindings", "Role", "ipamctl"),
        })
        {
            // The test before this one may have made it.
            await server.Admin.SendAsync(HttpMethod.Post, $"apis/rbac.authorization.k8s.io/v1/{path}", $$"""
                {"metadata":{"name":"{{role}}-of-importer"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"{{role}}"},
                 "subjects":[{"kind":"ServiceAccount","name":"nobody","namespace":"default"}]}
                """);
        }
        return $"kubernetes:{server.Kubeconfig(KubernetesServer.NobodysToken)}";
    }
}
