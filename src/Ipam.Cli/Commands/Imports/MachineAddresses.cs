using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ipam.Cli.Terminal;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// The addresses inside this machine's network namespaces but its own, as <c>nsenter</c> (util-linux) and <c>ip</c> (iproute2) show them: entering a namespace takes a call of the
/// kernel that this program doesn't make.
/// </summary>
/// <param name="folders">Folders with files of namespaces; null for those that runtimes use, and the namespaces of all processes.</param>
internal sealed class MachineAddresses(IReadOnlyList<string>? folders)
{
    private const int AtOnce = 4;
    private const int MostNamespaces = 1 << 16;
    private const int MostOutput = 4 << 20;
    private const int BootDigits = 8;
    private const string Own = "/proc/self/ns/net";
    private const string Machine = "/proc/1/ns/net";
    private const string Processes = "/proc";
    private static readonly string[] UsualFolders = ["/run/netns", "/run/docker/netns"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads them all. A namespace that goes meanwhile isn't among them.</summary>
    /// <exception cref="UsageException">The programs are missing, or this isn't root.</exception>
    public async Task<IReadOnlyList<MachineAddress>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<MachineAddress>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Namespaces(), options, async (one, token) =>
        {
            var addresses = await ReadAsync(one, token);
            lock (found)
                found.AddRange(addresses);
        });
        return found;
    }

    /// <summary>The path and the identity of each namespace: a path in a folder of namespaces, where it has one, and else that of a process.</summary>
    private List<(string Path, NamespaceIdentity Identity)> Namespaces()
    {
        var own = UnixFile.TryStat(Own, followLink: true) ?? throw new UsageException($"{Own} is missing: /proc isn't mounted here");
        HashSet<ulong> seen = [own.Inode];
        if (TryStat(Machine) is { } machine)
            seen.Add(machine.Inode);
        var boot = Boot();
        var found = new List<(string, NamespaceIdentity)>();
        foreach (var path in Paths())
        {
            // Any other file there isn't one of a namespace.
            if (TryStat(path) is not { } status || status.Device != own.Device || status.Inode > uint.MaxValue || !seen.Add(status.Inode))
                continue;
            var folder = path.StartsWith(Processes + "/", StringComparison.Ordinal) ? Processes : Path.GetDirectoryName(path)!;
            found.Add((path, new NamespaceIdentity(boot, (uint)status.Inode, TryStat(folder)?.FolderNumber ?? 0)));
            if (found.Count > MostNamespaces)
                throw new UsageException($"there are more than {MostNamespaces} network namespaces here");
        }
        return found;
    }

    private IEnumerable<string> Paths()
    {
        foreach (var folder in folders ?? UsualFolders)
        {
            if (folders is not null && !Directory.Exists(folder))
                throw new UsageException($"'{folder}' is no folder");
            foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
                yield return path;
        }
        if (folders is not null)
            yield break;
        foreach (var process in Directory.EnumerateDirectories(Processes))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                yield return $"{process}/ns/net";
        }
    }

    /// <summary>Null also for what can't be looked at: a process that ends, or a namespace of another user, in which only root may look.</summary>
    private static UnixFileStatus? TryStat(string path)
    {
        try
        {
            return UnixFile.TryStat(path, followLink: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static uint Boot()
    {
        var text = Encoding.ASCII.GetString(UnixFile.Read("/proc/sys/kernel/random/boot_id", MostNamespaces, followLink: false));
        return uint.Parse(text.AsSpan(0, BootDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<MachineAddress>> ReadAsync((string Path, NamespaceIdentity Identity) one, CancellationToken cancellationToken)
    {
        try
        {
            var output = await RunAsync(one.Path, cancellationToken);
            return output is null
                ? TryStat(one.Path)?.Inode == one.Identity.Inode ? [MachineAddress.Unreadable(one.Path, one.Identity, "nsenter or ip fails in it; is this root?")] : []
                : [.. AddressesOf(output).Select(address => new MachineAddress(one.Path, one.Identity, address.Interface, address.Address))];
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return [MachineAddress.Unreadable(one.Path, one.Identity, e.Message)];
        }
    }

    /// <summary>What <c>ip</c> prints in a namespace; null if that fails.</summary>
    private static async Task<byte[]?> RunAsync(string path, CancellationToken cancellationToken)
    {
        using var process = Start(path);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var output = new MemoryStream();
            var buffer = new byte[1 << 14];
            while (await process.StandardOutput.BaseStream.ReadAsync(buffer, limit.Token) is > 0 and var count)
            {
                output.Write(buffer, 0, count);
                if (output.Length > MostOutput)
                    throw new InvalidDataException($"ip prints more than {MostOutput} bytes");
            }
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output.ToArray() : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException($"ip doesn't end within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string path)
    {
        try
        {
            // What it complains of goes nowhere: whether it works counts.
            return Process.Start(new ProcessStartInfo("nsenter", [$"--net={path}", "ip", "-json", "address", "show"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new UsageException($"nsenter can't be started: {e.Message}; wanted are nsenter (util-linux) and ip (iproute2)");
        }
    }

    private static List<(string Interface, Address Address)> AddressesOf(byte[] output)
    {
        using var json = JsonDocument.Parse(output);
        if (json.RootElement.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("ip prints no list");
        var found = new List<(string, Address)>();
        foreach (var link in json.RootElement.EnumerateArray().Where(static link => link.TryGetProperty("addr_info", out _)))
        {
            foreach (var info in link.GetProperty("addr_info").EnumerateArray())
            {
                var isGlobal = info.TryGetProperty("scope", out var scope) && scope.GetString() == "global";
                if (isGlobal && info.TryGetProperty("local", out var local) && Address.TryParse(local.GetString(), out var address))
                    found.Add((link.GetProperty("ifname").GetString()!, address));
            }
        }
        return found;
    }
}

/// <summary>An address inside a network namespace of this machine.</summary>
/// <param name="Path">The namespace's path.</param>
/// <param name="Identity">Which namespace it is.</param>
/// <param name="Interface">The interface that has the address.</param>
/// <param name="Address">The address; null if the namespace can't be read.</param>
/// <param name="Flaw">Why it can't.</param>
internal sealed record MachineAddress(string Path, NamespaceIdentity Identity, string Interface, Address? Address, string? Flaw = null)
{
    public static MachineAddress Unreadable(string path, NamespaceIdentity identity, string why) => new(path, identity, "", null, why);
}
