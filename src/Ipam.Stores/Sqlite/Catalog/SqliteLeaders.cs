using Ipam.Core.Stores;
using Ipam.Stores.Leadership;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>Who leads, in the table <c>leadership</c>. Its rows without the prefix are an older program's.</summary>
internal sealed class SqliteLeaders(ISqliteAccess access) : ILeaderRecords
{
    private const string Prefix = "term/";

    /// <inheritdoc/>
    public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) => access.ChangeAsync(
        "read who leads", writer => writer.FindLeader(Prefix + role) is { } row ? LeaderText.Read(row.Holder, row.Until) : null, cancellationToken);

    /// <inheritdoc/>
    public async Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken)
    {
        var version = LeaderText.VersionOf(record);
        return await access.ChangeAsync("write who leads", writer => writer.PutLeader(Prefix + role, version, LeaderText.Of(record)), cancellationToken)
            ? LeaderText.Next(record)
            : null;
    }
}
