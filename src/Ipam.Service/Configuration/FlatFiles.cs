using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Whereabouts;
using IpamSuite.Shared;

namespace Ipam.Service.Configuration;

/// <summary>
/// Whereabouts' files of defaults, for configurations that are written for it. A change of a file counts after a second. Safe for use by several threads at once.
/// </summary>
/// <param name="usual">Where such a file may be, the first that is there counts; one that a configuration names comes before them.</param>
/// <param name="time">Measures how old is what was read.</param>
internal sealed class FlatFiles(IReadOnlyList<string> usual, TimeProvider time)
{
    /// <summary>Far more than such a file has.</summary>
    private const int MostBytes = 64 << 10;

    /// <summary>More than configurations name.</summary>
    private const int MostKept = 64;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Where Whereabouts looks.</summary>
    public static IReadOnlyList<string> UsualPaths { get; } =
    [
        "/etc/kubernetes/cni/net.d/whereabouts.d/whereabouts.conf", "/etc/cni/net.d/whereabouts.d/whereabouts.conf", "/host/etc/cni/net.d/whereabouts.d/whereabouts.conf",
    ];

    /// <summary>
    /// The file that counts for a configuration: the same one as last time unless it changed; null if there is none, or the configuration isn't for Whereabouts. What
    /// is wrong with the file is said by who uses it.
    /// </summary>
    public async Task<FlatFile?> FindAsync(NetworkConfiguration network, CancellationToken cancellationToken)
    {
        if (IpamConfigurationReader.FindDefaultsPath(network) is not { } own)
            return null;
        if (own.Length > 0 && !own.StartsWith('/'))
            return FlatFile.Unreadable(own, "configuration_path must be an absolute path");
        var last = LastKnown(own);
        if (last is { } known && time.GetElapsedTime(known.ReadAt) < Fresh)
            return known.File;
        return Keep(own, await ReadAsync(own, cancellationToken), last);
    }

    /// <summary>The configuration with the file that counts for it.</summary>
    public async Task<PluginConfiguration> CompleteAsync(NetworkConfiguration network, CancellationToken cancellationToken) =>
        new(network, await FindAsync(network, cancellationToken));

    private Known? LastKnown(string own)
    {
        lock (_lock)
            return _known.TryGetValue(own, out var known) ? known : null;
    }

    private FlatFile? Keep(string own, FoundFile? found, Known? last)
    {
        var file = found is null ? null
            : last is { File: { } former, Content: { } content } && former.Path == found.Path && found.Content is not null && content.AsSpan().SequenceEqual(found.Content) ? former
            : found.Content is { } bytes ? FlatFile.Of(found.Path, bytes) : FlatFile.Unreadable(found.Path, found.Problem);
        lock (_lock)
        {
            if (_known.Count == MostKept)
                _known.Clear();
            _known[own] = new Known(file, found?.Content, time.GetTimestamp());
        }
        return file;
    }

    private async Task<FoundFile?> ReadAsync(string own, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Patience);
        try
        {
            return await DiskWork.RunAsync(() => ReadFirst(own.Length > 0 ? usual.Prepend(own) : usual), late.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FoundFile(own.Length > 0 ? own : string.Join(" or ", usual), null, $"the disk doesn't answer within {Patience.TotalSeconds} s");
        }
    }

    private static FoundFile? ReadFirst(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                return new FoundFile(path, UnixFile.Read(path, MostBytes, followLink: true, Check), "");
            }
            catch (FileNotFoundException)
            {
                // The next one may be there.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                return new FoundFile(path, null, e.Message);
            }
        }
        return null;
    }

    /// <summary>It says which addresses are handed out: only those who may say so may have written it.</summary>
    private static string? Check(UnixFileStatus status) =>
        status.Uid != 0 && status.Uid != UnixFile.ThisUser ? $"belongs to user {status.Uid}, wanted is a file of root"
        : (status.Mode & WritableByOthers) != 0 ? $"may be written by others (mode {status.ModeText}), wanted is a file that only root may write"
        : null;

    /// <param name="File">What it says; null if there is no file.</param>
    /// <param name="Content">Its bytes; null if they couldn't be read.</param>
    /// <param name="ReadAt">When.</param>
    private sealed record Known(FlatFile? File, byte[]? Content, long ReadAt);

    private sealed record FoundFile(string Path, byte[]? Content, string Problem);
}
