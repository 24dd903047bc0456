using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.Identity;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>
/// How the use of the pools went: noted in a Lease for each, which nobody holds and nobody watches. In the pool's own object each node would be told of every change.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the Leases.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
internal sealed class PoolTrends(Func<IKubernetesClient> client, Func<string> space, int objectsPerPage, TimeProvider time) : ITrendStore
{
    private const string PoolNote = "ipamsuite.dev/pool";
    private const string TrendNote = "ipamsuite.dev/trend";

    private NoteLeaseKind Kind => new(space(), "trend", null, time);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        var leases = await new MomentListing(client(), objectsPerPage).ListAsync(Kind, [Kind.Selector], cancellationToken);
        return leases.Where(static lease => lease.Meta.Name == NameOf(lease[PoolNote])).ToDictionary(static lease => lease[PoolNote], static lease => lease[TrendNote], StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task PutAsync(string pool, string text, CancellationToken cancellationToken)
    {
        var name = NameOf(pool);
        var known = await client().GetAsync(Kind, name, cancellationToken);
        var lease = new NoteLease(
            known?.Meta ?? new ObjectMeta(name, "", 0, 0, default, ""), "", new Dictionary<string, string>(StringComparer.Ordinal) { [PoolNote] = pool, [TrendNote] = text });
        // Who lost to another one leaves what that one wrote.
        if (known is null)
            await client().CreateAsync(Kind, lease, cancellationToken);
        else
            await client().ReplaceAsync(Kind, name, lease, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string pool, CancellationToken cancellationToken)
    {
        if (await client().GetAsync(Kind, NameOf(pool), cancellationToken) is { } lease)
            await client().DeleteAsync(Kind, lease.Meta.Name, lease.Meta.ResourceVersion, lease.Meta.Uid, cancellationToken);
    }

    private static string NameOf(string pool) => $"ipam.trend.{SafeName.Of(pool)}";
}
