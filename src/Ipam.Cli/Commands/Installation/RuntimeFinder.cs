using System.Net.Sockets;
using System.Text;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Installation;

/// <summary>Finds the container runtime of a host and the folders that it looks into.</summary>
/// <param name="host">The host.</param>
internal sealed class RuntimeFinder(HostRoot host)
{
    /// <summary>Many times what such a file has.</summary>
    private const int MostBytes = 1 << 20;

    private const int MostFiles = 64;

    /// <summary>The runtime that serves its socket; if none does, the one whose configuration is there; else what is usual.</summary>
    /// <exception cref="IOException">A configuration can't be read; <see cref="UnauthorizedAccessException"/> and <see cref="InvalidDataException"/> say so as well.</exception>
    public RuntimePaths Find()
    {
        var kind = RuntimeKind.All.FirstOrDefault(kind => HasConfiguration(kind) && IsServed(kind.Socket))
            ?? RuntimeKind.All.FirstOrDefault(kind => IsServed(kind.Socket))
            ?? RuntimeKind.All.FirstOrDefault(HasConfiguration);
        return kind is null ? new RuntimePaths("no known runtime", RuntimePaths.UsualBinFolder, RuntimePaths.UsualConfFolder) : PathsOf(kind);
    }

    private RuntimePaths PathsOf(RuntimeKind kind)
    {
        var texts = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var file in FilesOf(kind.Files))
        {
            var own = Read(file);
            var imported = own.GetValueOrDefault("imports") ?? [];
            foreach (var (name, value) in own.Concat(FilesOf([.. imported.Select(path => Path.Combine(Path.GetDirectoryName(file)!, path))]).SelectMany(Read)))
                texts[name] = value;
        }
        return new RuntimePaths(kind.Name, BinFolder() ?? kind.BinFolder, First(kind.ConfKeys) ?? kind.ConfFolder);

        string? First(IReadOnlyList<string> keys) => Values(keys).FirstOrDefault();

        IEnumerable<string> Values(IReadOnlyList<string> keys) =>
            keys.Select(texts.GetValueOrDefault).FirstOrDefault(static value => value is [_, ..])?.Where(static path => path.StartsWith('/')) ?? [];

        // What is below /usr is the distribution's, and on some hosts can't be written.
        string? BinFolder() => Values(kind.BinKeys).FirstOrDefault(static path => !path.StartsWith("/usr/", StringComparison.Ordinal)) ?? First(kind.BinKeys);
    }

    private bool HasConfiguration(RuntimeKind kind) => FilesOf(kind.Files).Any();

    private IEnumerable<string> FilesOf(IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            var name = Path.GetFileName(pattern);
            if (!name.Contains('*', StringComparison.Ordinal))
            {
                if (File.Exists(host.PathOf(pattern)))
                    yield return pattern;
                continue;
            }
            var folder = Path.GetDirectoryName(pattern)!;
            var here = host.PathOf(folder);
            if (!Directory.Exists(here))
                continue;
            foreach (var file in Directory.EnumerateFiles(here, name).Order(StringComparer.Ordinal).Take(MostFiles))
                yield return Path.Combine(folder, Path.GetFileName(file));
        }
    }

    private IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string file) =>
        TomlTexts.Read(Encoding.UTF8.GetString(UnixFile.Read(host.PathOf(file), MostBytes, followLink: false)));

    private bool IsServed(string path)
    {
        var here = host.PathOf(path);
        if (UnixFile.TryStat(here) is not { Kind: UnixFileKind.Socket })
            return false;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(here));
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            // The kernel takes no longer path than 107 bytes, so nobody serves one.
            return false;
        }
    }
}
