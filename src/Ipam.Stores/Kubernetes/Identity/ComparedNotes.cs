using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>Texts by name that are written by compare-and-swap, each in a note of its own.</summary>
/// <param name="notes">The notes.</param>
internal sealed class ComparedNotes(NamedNotes notes) : INamedTexts
{
    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken) => notes.TextOf(await notes.FindAsync(name, cancellationToken));

    /// <inheritdoc/>
    public async Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        // Most that is written is new: that costs one request.
        var known = expected is null ? null : await notes.FindAsync(name, cancellationToken);
        if (notes.TextOf(known) != expected)
            return false;
        WriteAnswer? answer = text is not null ? await notes.WriteAsync(name, known, text, cancellationToken)
            : known is not null ? await notes.DeleteAsync(known, cancellationToken)
            : null;
        return answer is null or { Outcome: WriteOutcome.Written };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) => notes.ListAsync(cancellationToken);
}
