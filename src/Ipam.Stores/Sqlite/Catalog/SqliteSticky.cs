using Ipam.Core.Stores;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Where sticky owners find their addresses, in the table <c>leadership</c> under names that no role has: older programs don't mind them.</summary>
internal sealed class SqliteSticky(ISqliteAccess access) : IStickyRecords
{
    private const string Prefix = "sticky/";

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string? found = null;
        await access.ChangeAsync("read what a sticky owner has", writer => Look(() => found = writer.FindLeader(Prefix + name)?.Holder), cancellationToken);
        return found;
    }

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken) =>
        access.ChangeAsync("write what a sticky owner has", writer => writer.ReplaceNote(Prefix + name, expected, text), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> found = new Dictionary<string, string>();
        await access.ChangeAsync("list what sticky owners have", writer => Look(() => found = writer.ListNotes(Prefix)), cancellationToken);
        return found;
    }

    /// <summary>Nothing is changed.</summary>
    private static bool Look(Action look)
    {
        look();
        return false;
    }
}
