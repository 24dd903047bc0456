using System.Net;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>The definition of IPAMClaims, which not every cluster has.</summary>
internal static class IpamClaimDefinition
{
    public const string Claims = "apis/k8s.cni.cncf.io/v1alpha1/namespaces/default/ipamclaims";

    private const string Name = "apis/apiextensions.k8s.io/v1/customresourcedefinitions/ipamclaims.k8s.cni.cncf.io";

    public static async Task CreateAsync(AdminApi admin)
    {
        await admin.ApplyAsync(RepositoryRoot.PathOf("deploy/kubernetes/components/ipamclaims/ipamclaims.yaml"));
        await Wait.UntilAsync(async () => (await admin.SendAsync(HttpMethod.Get, Claims)).Status == HttpStatusCode.OK, "ipamclaims");
    }

    /// <summary>Takes it away, and with it all claims.</summary>
    public static async Task DeleteAsync(AdminApi admin)
    {
        await admin.MustAsync(HttpMethod.Delete, Name);
        await Wait.UntilAsync(async () => (await admin.SendAsync(HttpMethod.Get, Name)).Status == HttpStatusCode.NotFound, "no ipamclaims");
    }
}
