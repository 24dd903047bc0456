using System.Runtime.CompilerServices;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>
/// An export that was read once to its end and found whole. Its blocks can be read as often as wanted. Memory grows with its pools, and by eight bytes for each of its
/// leases. Not thread-safe.
/// </summary>
internal sealed class ExportFile : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly string _name;

    private ExportFile(FileStream file, string name) => (_file, _name) = (file, name);

    public ExportHeader Header { get; private set; } = null!;

    public PoolCatalog Catalog { get; private set; } = PoolCatalog.Empty;

    public ExportCounts Counts { get; private set; } = new();

    /// <summary>Reads it through.</summary>
    /// <param name="path">The file's path; - for the input, which is copied into a file without a name first.</param>
    /// <param name="environment">Has the input.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="UsageException">It can't be read, or is no whole export.</exception>
    public static async Task<ExportFile> OpenAsync(string path, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var name = path == "-" ? "the input" : $"the file '{path}'";
        try
        {
            var stream = path == "-" ? await CopyAsync(environment.Input, cancellationToken) : new FileStream(UnixFile.OpenRegular(path, followLink: true), FileAccess.Read);
            var file = new ExportFile(stream, name);
            try
            {
                await file.CheckAsync(cancellationToken);
                return file;
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"{name} can't be read: {e.Message}");
        }
    }

    /// <summary>All blocks, from the first.</summary>
    /// <exception cref="UsageException">The file isn't the whole export any more that it was.</exception>
    public async IAsyncEnumerable<Block> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = Rewind();
        await using var blocks = parser.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await AdvanceAsync(blocks))
            yield return blocks.Current;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var parser = Rewind();
        var (owners, ids) = (new List<ulong>(), new HashSet<BlockId>());
        await using var blocks = parser.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await AdvanceAsync(blocks))
        {
            if (!ids.Add(blocks.Current.Id))
                throw Unusable($"the block {blocks.Current.Id} is there twice");
            foreach (var lease in blocks.Current.Leases)
                owners.Add(OwnerHash(lease));
        }
        (Header, Catalog, Counts) = (parser.Header!, parser.Catalog, parser.Counts);
        owners.Sort();
        var twice = Enumerable.Range(1, Math.Max(0, owners.Count - 1)).Where(i => owners[i] == owners[i - 1]).Select(i => owners[i]).ToHashSet();
        if (twice.Count > 0)
            await CheckOwnersAsync(twice, cancellationToken);
    }

    /// <summary>No store takes two leases of one owner for one entry: an export that was made while leases moved may have both.</summary>
    private async Task CheckOwnersAsync(HashSet<ulong> suspects, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<(Owner Owner, int Entry), Lease>();
        await foreach (var block in BlocksAsync(cancellationToken))
        {
            foreach (var lease in block.Leases.Where(lease => suspects.Contains(OwnerHash(lease))))
            {
                if (!seen.TryAdd((lease.Owner, lease.Entry), lease))
                    throw Unusable($"{seen[(lease.Owner, lease.Entry)].Address} and {lease.Address} are both held by {lease.Owner} for the entry {lease.Entry}; leave out the one that it doesn't use");
            }
        }
    }

    private ExportParser Rewind()
    {
        _file.Seek(0, SeekOrigin.Begin);
        return new ExportParser(_file);
    }

    private async ValueTask<bool> AdvanceAsync(IAsyncEnumerator<Block> blocks)
    {
        try
        {
            return await blocks.MoveNextAsync();
        }
        catch (FormatException e)
        {
            throw Unusable(e.Message);
        }
    }

    private UsageException Unusable(string why) => new($"{_name} is no whole export: {why}. Nothing is taken from it.");

    private static ulong OwnerHash(Lease lease)
    {
        var (high, low) = (HashCode.Combine(lease.Owner, lease.Entry), HashCode.Combine(lease.Entry, lease.Owner, 1));
        return ((ulong)(uint)high << 32) | (uint)low;
    }

    private static async Task<FileStream> CopyAsync(Stream input, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ipamctl-{Path.GetRandomFileName()}");
        var copy = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        // It stays readable for this process, and goes with it.
        File.Delete(path);
        await input.CopyToAsync(copy, cancellationToken);
        return copy;
    }
}
