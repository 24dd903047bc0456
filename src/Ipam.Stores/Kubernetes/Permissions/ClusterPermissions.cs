using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Permissions;

/// <summary>Permissions by SelfSubjectAccessReview, which any account may create.</summary>
internal sealed class ClusterPermissions(Func<IKubernetesClient> client, Func<string> space) : IPermissions
{
    private const string LeaseGroup = "coordination.k8s.io";

    private static readonly PackageKind<V1SelfSubjectAccessReview> Reviews = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Permission>> ListAsync(CancellationToken cancellationToken)
    {
        (string Group, string Resource, string Space, string[] Verbs)[] wanted =
        [
            (Resource.OurGroup, "ipblocks", "", ["get", "list", "create", "update", "delete"]),
            (Resource.OurGroup, "ippools", "", ["list", "create", "update", "delete"]),
            (Resource.OurGroup, "ipreservations", "", ["list", "create", "delete"]),
            (LeaseGroup, "leases", space(), ["get", "list"]),
            ("", "pods", "", ["get", "list"]),
            ("", "namespaces", "", ["get"]),
            ("", "nodes", "", ["get", "list"]),
        ];
        return await Task.WhenAll(wanted.SelectMany(one => one.Verbs.Select(verb => AskAsync(one.Group, one.Resource, one.Space, verb, cancellationToken))));
    }

    private async Task<Permission> AskAsync(string group, string resource, string @namespace, string verb, CancellationToken cancellationToken)
    {
        var answer = await client().AskAsync(
            Reviews,
            new V1SelfSubjectAccessReview
            {
                ApiVersion = Reviews.ApiVersion,
                Kind = "SelfSubjectAccessReview",
                Spec = new V1SelfSubjectAccessReviewSpec
                {
                    ResourceAttributes = new V1ResourceAttributes { Group = group, Resource = resource, Verb = verb, NamespaceProperty = @namespace },
                },
            },
            cancellationToken);
        return new Permission(verb, group.Length > 0 ? $"{resource}.{group}" : resource, @namespace, answer.Status?.Allowed == true);
    }
}
