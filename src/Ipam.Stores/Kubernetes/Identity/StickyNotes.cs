using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>
/// Where sticky owners find their addresses: noted in a Lease for each interface of an owner, which nobody holds and nobody watches. It is read by its name, as etcd has it, and costs the
/// cluster nothing while the owner's container runs.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the Leases.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
internal sealed class StickyNotes(Func<IKubernetesClient> client, Func<string> space, int objectsPerPage, TimeProvider time) : IStickyRecords
{
    private const string OwnerNote = "ipamsuite.dev/sticky";
    private const string AddressesNote = "ipamsuite.dev/addresses";

    private NoteLeaseKind Kind => new(space(), "sticky", null, time);

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken) => TextOf(await client().GetAsync(Kind, NameOf(name), cancellationToken));

    /// <inheritdoc/>
    public async Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        // Most that is written is new: that costs one request.
        var known = expected is null ? null : await client().GetAsync(Kind, NameOf(name), cancellationToken);
        if (TextOf(known) != expected)
            return false;
        WriteAnswer? answer = (known, text) switch
        {
            (null, null) => null,
            (null, _) => await client().CreateAsync(Kind, Note(new ObjectMeta(NameOf(name), "", 0, 0, default, "")), cancellationToken),
            (_, null) => await client().DeleteAsync(Kind, NameOf(name), known.Meta.ResourceVersion, known.Meta.Uid, cancellationToken),
            _ => await client().ReplaceAsync(Kind, NameOf(name), Note(known.Meta), cancellationToken),
        };
        return answer is null or { Outcome: WriteOutcome.Written };

        NoteLease Note(ObjectMeta meta) => new(meta, "", new Dictionary<string, string>(StringComparer.Ordinal) { [OwnerNote] = name, [AddressesNote] = text! });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        var leases = await new MomentListing(client(), objectsPerPage).ListAsync(Kind, [Kind.Selector], cancellationToken);
        return leases.Where(static lease => lease.Meta.Name == NameOf(lease[OwnerNote])).ToDictionary(static lease => lease[OwnerNote], static lease => lease[AddressesNote], StringComparer.Ordinal);
    }

    private static string? TextOf(NoteLease? lease) => lease?[AddressesNote];

    private static string NameOf(string name) => $"ipam.sticky.{SafeName.Of(name)}";
}
