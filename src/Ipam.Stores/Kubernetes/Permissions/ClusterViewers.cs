using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Permissions;

/// <summary>Viewers by TokenReview and SubjectAccessReview: our account needs to be allowed to create both.</summary>
internal sealed class ClusterViewers(Func<IKubernetesClient> client) : IViewers
{
    private static readonly PackageKind<V1TokenReview> Tokens = new("authentication.k8s.io", "v1", "tokenreviews");
    private static readonly PackageKind<V1SubjectAccessReview> Reviews = new("authorization.k8s.io", "v1", "subjectaccessreviews");
    private static readonly string[] Shown = ["ipblocks", "ippools", "ipreservations"];

    /// <inheritdoc/>
    public async Task<Viewer> AskAsync(string token, string? audience, CancellationToken cancellationToken)
    {
        var review = new V1TokenReviewSpec { Token = token, Audiences = audience is null ? null : [audience] };
        var answer = await client().AskAsync(Tokens, new V1TokenReview { ApiVersion = Tokens.ApiVersion, Kind = "TokenReview", Spec = review }, cancellationToken);
        // A server that knows no audiences would take any token (kubernetes.io, TokenReviewStatus).
        if (answer.Status is not { Authenticated: true, User: { Username.Length: > 0 } user } || (audience is not null && answer.Status.Audiences?.Contains(audience) != true))
            return new Viewer(null, MayLook: false);
        var allowed = await Task.WhenAll(Shown.Select(resource => MayListAsync(user, resource, cancellationToken)));
        return new Viewer(user.Username, Array.TrueForAll(allowed, static may => may));
    }

    private async Task<bool> MayListAsync(V1UserInfo user, string resource, CancellationToken cancellationToken)
    {
        var answer = await client().AskAsync(
            Reviews,
            new V1SubjectAccessReview
            {
                ApiVersion = Reviews.ApiVersion,
                Kind = "SubjectAccessReview",
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user.Username,
                    Uid = user.Uid,
                    Groups = user.Groups,
                    Extra = user.Extra,
                    ResourceAttributes = new V1ResourceAttributes { Group = Resource.OurGroup, Resource = resource, Verb = "list" },
                },
            },
            cancellationToken);
        return answer.Status?.Allowed == true;
    }
}
