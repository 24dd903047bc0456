using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>Where sticky owners find their addresses: a note for each interface of an owner, which costs the cluster nothing while the owner's container runs.</summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the notes.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
/// <param name="time">The clock.</param>
internal sealed class StickyNotes(Func<IKubernetesClient> client, Func<string> space, int objectsPerPage, TimeProvider time) : IStickyRecords
{
    private readonly NamedNotes _notes = new(client, space, objectsPerPage, time, "sticky", "ipamsuite.dev/sticky", "ipamsuite.dev/addresses");

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken) => _notes.TextOf(await _notes.FindAsync(name, cancellationToken));

    /// <inheritdoc/>
    public async Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        // Most that is written is new: that costs one request.
        var known = expected is null ? null : await _notes.FindAsync(name, cancellationToken);
        if (_notes.TextOf(known) != expected)
            return false;
        WriteAnswer? answer = text is not null ? await _notes.WriteAsync(name, known, text, cancellationToken)
            : known is not null ? await _notes.DeleteAsync(known, cancellationToken)
            : null;
        return answer is null or { Outcome: WriteOutcome.Written };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => _notes.ListAsync(cancellationToken);
}
