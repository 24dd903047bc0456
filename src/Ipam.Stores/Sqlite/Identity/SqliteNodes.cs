using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Pools;
using Ipam.Stores.Sqlite.Catalog;
using Ipam.Stores.Text;

namespace Ipam.Stores.Sqlite.Identity;

/// <summary>
/// The ipamds that work on a file, most often one: a file each in a folder beside the database, which outlives what happens to the database. Nothing waits for
/// the disk: entries need not outlive the machine, for its containers don't either.
/// </summary>
/// <param name="access">The store.</param>
/// <param name="folder">The folder.</param>
internal sealed class SqliteNodes(ISqliteAccess access, string folder) : INodeRegistry
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>More than any entry has.</summary>
    private const int MostBytes = 16 * 1024;

    /// <summary>How long an entry may be in somebody's hands, who does no more than write it.</summary>
    private static readonly TimeSpan LongestLock = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public TimeSpan RenewEvery { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken) =>
        access.RunAsync("find a node", () => Read(PathOf(node)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => access.RunAsync<IReadOnlyList<NodeEntry>>(
        "list the nodes",
        () => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(Read).OfType<NodeEntry>()] : [],
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken) =>
        access.RunAsync("write a node", () => Write(entry.Node, found => found?.Run == formerRun, TextOf(entry)), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken) =>
        access.RunAsync("write a node", () => Write(entry.Node, found => found?.Run == entry.Run, ""), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken) =>
        access.RunAsync("write a node", () => Write(entry.Node, found => found == entry, ""), cancellationToken);

    private string PathOf(string node) => Path.Combine(folder, SafeName.Of(node));

    private static NodeEntry? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = Open(path, FileMode.Open, FileAccess.Read);
        return Read(file);
    }

    /// <summary>The entry; null if there is none, or it isn't as this program writes them.</summary>
    private static NodeEntry? Read(FileStream file)
    {
        if (file.Length is 0 or > MostBytes)
            return null;
        using var reader = new StreamReader(file, leaveOpen: true);
        try
        {
            return JsonText.Read(reader.ReadToEnd(), static json => new NodeEntry(
                json[0].GetString()!, json[1].GetString()!, json[2].GetString()!, json[3].GetString()!, json[4].GetString()!, json[5].GetInt64())
            {
                Step = json.GetArrayLength() > 6 ? (RecoveryStep)json[6].GetInt32() : RecoveryStep.Done,
            });
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            return null;
        }
    }

    private bool Write(string node, Predicate<NodeEntry?> isExpected, string text)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        using var file = Open(PathOf(node), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (!isExpected(Read(file)))
            return false;
        // A file that lost its name would not be found by those who come later: it stays, empty.
        file.SetLength(0);
        using var writer = new StreamWriter(file);
        writer.Write(text);
        return true;
    }

    private static string TextOf(NodeEntry entry) => JsonText.Of(json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(entry.Node);
        json.WriteStringValue(entry.Instance);
        json.WriteStringValue(entry.Run);
        json.WriteStringValue(entry.Host);
        json.WriteStringValue(entry.Identity);
        json.WriteNumberValue(entry.Renewals);
        json.WriteNumberValue((int)entry.Step);
        json.WriteEndArray();
    });

    /// <summary>Opens a file that nobody else has open: flock(2), of which the kernel lets go when a process ends.</summary>
    private static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (mode == FileMode.OpenOrCreate)
            options.UnixCreateMode = OwnerOnly;
        for (var waited = TimeSpan.Zero; ; waited += BetweenTries)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && waited < LongestLock)
            {
                Thread.Sleep(BetweenTries);
            }
        }
    }
}
