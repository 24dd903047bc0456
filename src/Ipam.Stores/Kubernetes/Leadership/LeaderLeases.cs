using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;
using k8s.Models;

namespace Ipam.Stores.Kubernetes.Leadership;

/// <summary>Who leads, as Leases of coordination.k8s.io: client-go's own form, which kubectl shows and other programs may share.</summary>
/// <param name="client">The client.</param>
/// <param name="space">The namespace of the Leases.</param>
internal sealed class LeaderLeases(Func<IKubernetesClient> client, Func<string> space) : ILeaderRecords
{
    private PackageKind<V1Lease> Kind => new("coordination.k8s.io", "v1", "leases", space());

    /// <inheritdoc/>
    public async Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) =>
        await client().GetAsync(Kind, NameOf(role), cancellationToken) is { } lease ? Read(lease) : null;

    /// <inheritdoc/>
    public async Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken)
    {
        var (kind, name) = (Kind, NameOf(role));
        var lease = new V1Lease
        {
            ApiVersion = kind.ApiVersion,
            Kind = "Lease",
            Metadata = new V1ObjectMeta { Name = name, ResourceVersion = record.Version.Length > 0 ? record.Version : null },
            Spec = new V1LeaseSpec
            {
                HolderIdentity = record.Holder,
                LeaseDurationSeconds = Math.Max(1, (int)record.Term.TotalSeconds),
                AcquireTime = WithFraction(record.AcquiredAt),
                RenewTime = WithFraction(record.RenewedAt),
                LeaseTransitions = record.Transitions,
            },
        };
        var answer = record.Version.Length == 0
            ? await client().CreateAsync(kind, lease, cancellationToken)
            : await client().ReplaceAsync(kind, name, lease, cancellationToken);
        return answer.Outcome == WriteOutcome.Written && answer.Meta is { } meta
            ? record with { Version = meta.ResourceVersion.ToString(CultureInfo.InvariantCulture) }
            : null;
    }

    private static string NameOf(string role) => $"ipam.{SafeName.Of(role)}";

    private static LeaderRecord Read(V1Lease lease)
    {
        var spec = lease.Spec ?? new V1LeaseSpec();
        return new LeaderRecord(
            spec.HolderIdentity ?? "", TimeSpan.FromSeconds(Math.Max(0, spec.LeaseDurationSeconds ?? 0)), Time(spec.AcquireTime), Time(spec.RenewTime), spec.LeaseTransitions ?? 0)
        {
            Version = lease.Metadata.ResourceVersion,
        };
    }

    /// <summary>The API server wants six digits behind the second, and the package leaves out those that are all zero. A microsecond more makes no difference.</summary>
    private static DateTime WithFraction(DateTimeOffset time)
    {
        var written = time.UtcDateTime.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerMicrosecond));
        return written.Ticks % TimeSpan.TicksPerSecond == 0 ? written.AddMicroseconds(1) : written;
    }

    private static DateTimeOffset Time(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
}
