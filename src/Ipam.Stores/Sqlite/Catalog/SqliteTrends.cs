using System.Text;
using Ipam.Core.Stores;
using Ipam.Stores.Text;
using IpamSuite.Shared;

namespace Ipam.Stores.Sqlite.Catalog;

/// <summary>
/// How the use of the pools went: a file for each in a folder beside the database. A commit that hands out an address never waits for them, and older programs don't
/// mind them.
/// </summary>
/// <param name="access">The store.</param>
/// <param name="folder">The folder.</param>
internal sealed class SqliteTrends(ISqliteAccess access, string folder) : ITrendStore
{
    private const string Unfinished = ".tmp";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>More than any has.</summary>
    private const int MostBytes = 80 * 1024;

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        access.RunAsync<IReadOnlyDictionary<string, string>>("list how pools were used", () =>
        {
            var trends = new Dictionary<string, string>(StringComparer.Ordinal);
            var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];
            foreach (var file in files.Where(static file => !file.EndsWith(Unfinished, StringComparison.Ordinal)))
            {
                if (Read(file) is [var pool, var text] && PathOf(pool) == file)
                    trends[pool] = text;
            }
            return trends;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task PutAsync(string pool, string text, CancellationToken cancellationToken) => access.RunAsync("write how a pool was used", () =>
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = PathOf(pool);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = OwnerOnly };
        using (var writer = new StreamWriter(path + Unfinished, options))
            writer.Write($"{pool}\n{text}");
        File.Move(path + Unfinished, path, overwrite: true);
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string pool, CancellationToken cancellationToken) => access.RunAsync("forget how a pool was used", () =>
    {
        if (Directory.Exists(folder))
            File.Delete(PathOf(pool));
        return true;
    }, cancellationToken);

    private static string[] Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(UnixFile.Read(file, MostBytes, followLink: false)).Split('\n');
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            // Its pool is gone since the folder was listed, or no program of ours wrote it.
            return [];
        }
    }

    private string PathOf(string pool) => Path.Combine(folder, SafeName.Of(pool));
}
