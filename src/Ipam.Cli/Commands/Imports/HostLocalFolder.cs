using System.Text;
using Ipam.Cli.Terminal;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Imports;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// The folder of host-local: in it a folder for each network, in that a file for each address, named by the address, with the container id and the interface in two
/// lines; and <c>last_reserved_ip.N</c> for each of the network's sets of ranges.
/// </summary>
/// <param name="node">The node that the containers run on.</param>
/// <param name="interfaceName">The interface of containers whose file names none, as old versions wrote them; null if that isn't known.</param>
internal sealed class HostLocalFolder(string node, string? interfaceName)
{
    private const string LastReserved = "last_reserved_ip.";
    private const string LockFile = "lock";

    /// <summary>More than a container id and the name of an interface have.</summary>
    private const int MostBytes = 4096;

    private const int MostFiles = 1 << 20;

    /// <summary>All addresses in the folder, of all networks, or of the one whose folder it is.</summary>
    /// <exception cref="UsageException">It is no folder of host-local, or can't be read.</exception>
    public IReadOnlyList<FoundAddress> Read(string path)
    {
        try
        {
            if (!Directory.Exists(path))
                throw new UsageException($"'{path}' is no folder; host-local's is /var/lib/cni/networks, or the \"dataDir\" of the configuration");
            var networks = Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).ToList();
            var found = IsOfNetwork(path) ? ReadNetwork(path) : [.. networks.SelectMany(ReadNetwork)];
            return found.Count > 0 || networks.Exists(IsOfNetwork) || IsOfNetwork(path)
                ? found
                : throw new UsageException($"in '{path}' is nothing that host-local writes: a folder for each network, with a file for each address");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the folder '{path}' can't be read: {e.Message}");
        }
    }

    private static bool IsOfNetwork(string path) =>
        Directory.EnumerateFiles(path).Select(Path.GetFileName).Any(static name => name!.StartsWith(LastReserved, StringComparison.Ordinal) || Address.TryParse(name, out _));

    private List<FoundAddress> ReadNetwork(string path)
    {
        var network = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var files = Directory.EnumerateFiles(path).Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
        if (files.Count > MostFiles)
            throw new UsageException($"the folder '{path}' has more than {MostFiles} files, which is more than host-local can have handed out there");
        var last = files.Select(LastOf).OfType<(int Set, Address Address)>().ToList();
        return [.. files.Where(static file => Path.GetFileName(file) is var name && name != LockFile && !name.StartsWith(LastReserved, StringComparison.Ordinal)).Select(file => ReadAddress(network, file, last))];
    }

    private FoundAddress ReadAddress(string network, string file, List<(int Set, Address Address)> last)
    {
        var found = new FoundAddress { Where = file, Network = network, Node = node };
        if (!Address.TryParse(Path.GetFileName(file), out var address))
            return found with { Flaw = "its name is no address" };
        found = found with { Address = address, Entry = SetOf(address, last), IsLast = last.Exists(one => one.Address == address) };
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(UnixFile.Read(file, MostBytes, followLink: false));
            var lines = text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0).ToArray();
            return lines switch
            {
                [] => found with { Flaw = "it is empty: host-local was ended while it wrote it" },
                [var container, var name] => found with { Owner = new Owner(network, container, name) },
                [var container] when interfaceName is not null => found with { Owner = new Owner(network, container, interfaceName) },
                [_] => found with { Flaw = "it names no interface: an old host-local wrote it, or one that was ended meanwhile; give the interface by --interface" },
                _ => found with { Flaw = "it has more than two lines" },
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            return found with { Flaw = $"it can't be read: {e.Message}" };
        }
    }

    /// <summary>The set of ranges that an address is of: the one whose last address is nearest.</summary>
    private static int? SetOf(Address address, List<(int Set, Address Address)> last)
    {
        var near = last.Where(one => one.Address.Family == address.Family).OrderBy(one => one.Address.Value ^ address.Value).ToList();
        return near.Count > 0 ? near[0].Set : null;
    }

    private static (int Set, Address Address)? LastOf(string file)
    {
        var name = Path.GetFileName(file);
        if (!name.StartsWith(LastReserved, StringComparison.Ordinal) || !int.TryParse(name.AsSpan(LastReserved.Length), out var set) || set < 0)
            return null;
        try
        {
            return Address.TryParse(Encoding.UTF8.GetString(UnixFile.Read(file, MostBytes, followLink: false)).Trim(), out var address) ? (set, address) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // It is but a hint; what is held is in the other files.
            return null;
        }
    }
}
