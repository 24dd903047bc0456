using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>Texts by name, each noted in a Lease of its own, <c>ipam.LABEL.NAME</c>, which nobody holds and nobody watches.</summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the Leases.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
/// <param name="label">What the Leases are for: the value of their label.</param>
/// <param name="nameNote">The annotation that has the name.</param>
/// <param name="textNote">The annotation that has the text.</param>
internal sealed class NamedNotes(
    Func<IKubernetesClient> client, Func<string> space, int objectsPerPage, TimeProvider time, string label, string nameNote, string textNote)
{
    private NoteLeaseKind Kind => new(space(), label, null, time);

    /// <summary>All texts, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        var leases = await new MomentListing(client(), objectsPerPage).ListAsync(Kind, [Kind.Selector], cancellationToken);
        return leases.Where(lease => lease.Meta.Name == NameOf(lease[nameNote])).ToDictionary(lease => lease[nameNote], lease => lease[textNote], StringComparer.Ordinal);
    }

    /// <summary>The Lease of a name as etcd has it; null if there is none.</summary>
    public Task<NoteLease?> FindAsync(string name, CancellationToken cancellationToken) => client().GetAsync(Kind, NameOf(name), cancellationToken);

    /// <summary>The text that a Lease has; null without one.</summary>
    public string? TextOf(NoteLease? lease) => lease?[textNote];

    /// <summary>Writes a text into the Lease that was found, or into a new one; nothing if somebody was faster.</summary>
    public Task<WriteAnswer> WriteAsync(string name, NoteLease? known, string text, CancellationToken cancellationToken)
    {
        var lease = new NoteLease(
            known?.Meta ?? new ObjectMeta(NameOf(name), "", 0, 0, default, ""), "", new Dictionary<string, string>(StringComparer.Ordinal) { [nameNote] = name, [textNote] = text });
        return known is null ? client().CreateAsync(Kind, lease, cancellationToken) : client().ReplaceAsync(Kind, lease.Meta.Name, lease, cancellationToken);
    }

    /// <summary>Deletes the Lease that was found; nothing if somebody was faster.</summary>
    public Task<WriteAnswer> DeleteAsync(NoteLease known, CancellationToken cancellationToken) =>
        client().DeleteAsync(Kind, known.Meta.Name, known.Meta.ResourceVersion, known.Meta.Uid, cancellationToken);

    private string NameOf(string name) => $"ipam.{label}.{SafeName.Of(name)}";
}
