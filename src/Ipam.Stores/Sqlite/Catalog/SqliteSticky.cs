using Ipam.Core.Stores;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Where sticky owners find their addresses, in the table <c>leadership</c> under names that no role has: older programs don't mind them.</summary>
internal sealed class SqliteSticky(ISqliteAccess access) : IStickyRecords
{
    private const string Prefix = "sticky/";

    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        access.ChangeAsync("read what a sticky owner has", writer => writer.FindLeader(Prefix + name)?.Holder, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken) =>
        access.ChangeAsync("write what a sticky owner has", writer => writer.ReplaceNote(Prefix + name, expected, text), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        access.ChangeAsync("list what sticky owners have", static writer => writer.ListNotes(Prefix), cancellationToken);
}
