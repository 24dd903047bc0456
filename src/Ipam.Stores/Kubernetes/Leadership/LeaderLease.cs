using Ipam.Stores.Kubernetes.Client;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Leadership;

/// <summary>
/// Leadership by a Lease of coordination.k8s.io, as kubectl shows it. Terms are judged by our own clock, so nodes' clocks should agree
/// about as well as a term is long; nothing but work done twice comes of it if they don't.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="space">The namespace of the Leases.</param>
/// <param name="time">The clock.</param>
internal sealed class LeaderLease(Func<IKubernetesClient> client, string space, TimeProvider time)
{
    private readonly PackageKind<V1Lease> _kind = new("coordination.k8s.io", "v1", "leases", space);

    /// <summary>Makes <paramref name="holder"/> the leader until <paramref name="term"/> from now, unless another one's term isn't over.</summary>
    public async Task<bool> TryLeadAsync(string role, string holder, TimeSpan term, CancellationToken cancellationToken)
    {
        var name = $"ipam.{SafeName.Of(role)}";
        var lease = await client().GetAsync(_kind, name, cancellationToken)
            ?? new V1Lease { ApiVersion = _kind.ApiVersion, Kind = "Lease", Metadata = new V1ObjectMeta { Name = name } };
        var isNew = lease.Metadata.ResourceVersion is null;
        lease.Spec ??= new V1LeaseSpec();
        var isOurs = isNew || lease.Spec.HolderIdentity == holder;
        if (!isOurs && time.GetUtcNow() < EndOf(lease.Spec))
            return false;
        // A Lease counts whole seconds. The time of renewal gives way, so that the end of the term is exact.
        var seconds = Math.Max(1, (int)Math.Ceiling(term.TotalSeconds));
        lease.Spec.HolderIdentity = holder;
        lease.Spec.LeaseDurationSeconds = seconds;
        lease.Spec.RenewTime = (time.GetUtcNow() + term - TimeSpan.FromSeconds(seconds)).UtcDateTime;
        lease.Spec.LeaseTransitions = (lease.Spec.LeaseTransitions ?? 0) + (isOurs ? 0 : 1);
        var answer = isNew
            ? await client().CreateAsync(_kind, lease, cancellationToken)
            : await client().ReplaceAsync(_kind, name, lease, cancellationToken);
        return answer.Outcome == WriteOutcome.Written;
    }

    private static DateTimeOffset EndOf(V1LeaseSpec spec) =>
        string.IsNullOrEmpty(spec.HolderIdentity) || spec.RenewTime is not { } renewed
            ? DateTimeOffset.MinValue
            : new DateTimeOffset(renewed.ToUniversalTime()) + TimeSpan.FromSeconds(spec.LeaseDurationSeconds ?? 0);
}
