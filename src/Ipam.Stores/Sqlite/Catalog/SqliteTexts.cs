using Ipam.Core.Stores;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Texts by name, in the table <c>leadership</c> under names that no role has: older programs don't mind them.</summary>
/// <param name="access">The file.</param>
/// <param name="kind">What the names begin with, such as <c>sticky</c>.</param>
/// <param name="what">What a text says, for messages.</param>
internal sealed class SqliteTexts(ISqliteAccess access, string kind, string what) : INamedTexts
{
    private readonly string _prefix = kind + "/";

    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        access.ChangeAsync($"read {what}", writer => writer.FindLeader(_prefix + name)?.Holder, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken) =>
        access.ChangeAsync($"write {what}", writer => writer.ReplaceNote(_prefix + name, expected, text), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        access.ChangeAsync($"list {what}", writer => writer.ListNotes(_prefix), cancellationToken);
}
