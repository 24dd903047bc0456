using System.Globalization;
using Cni.Protocol;
using Ipam.Cli.Commands.Explanations;
using Ipam.Cli.Commands.Installation;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Pools;
using Ipam.Core.Text;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Doctor;

/// <summary>Looks whether this machine is set up as it should be: ipamd, its spool, the plugins and the network configurations.</summary>
/// <param name="paths">Where the container runtime looks.</param>
/// <param name="socket">Where ipamd's socket is.</param>
/// <param name="spool">Where releases are spooled.</param>
/// <param name="catalog">The pools; null if the store can't be read.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class HostDoctor(RuntimePaths paths, string socket, string spool, PoolCatalog? catalog, TimeProvider time)
{
    private const string OurPlugin = "ipam";

    /// <summary>ipamd drains the folder every second.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    /// <summary>All that was found.</summary>
    public async Task<IReadOnlyList<DoctorLine>> LookAsync(CancellationToken cancellationToken)
    {
        var files = Conflist.NamesIn(paths.ConfFolder).Select(name => Path.Combine(paths.ConfFolder, name)).ToList();
        if (files.Count == 0 && !Path.Exists(socket))
            return [DoctorLine.Ok("machine", $"no node: there is neither ipamd's socket {socket} nor a network configuration in {paths.ConfFolder}. Run it on a node to check that")];
        return [await SocketAsync(cancellationToken), Spool(), Plugin(), .. files.Count > 0 ? Configurations(files) : [DoctorLine.Warning("configuration", $"there is no network configuration in {paths.ConfFolder}; see 'ipamctl install-cni --help'")]];
    }

    private async Task<DoctorLine> SocketAsync(CancellationToken cancellationToken) =>
        await new ServiceSocket(socket, time).WaitAsync(TimeSpan.Zero, cancellationToken) is { } problem
            ? DoctorLine.Error("ipamd", $"ipamd doesn't answer on {socket}: {problem}; see 'systemctl status ipamd', or the pod of the DaemonSet")
            : DoctorLine.Ok("ipamd", $"ipamd answers on {socket}");

    private DoctorLine Spool()
    {
        if (!Directory.Exists(spool))
            return DoctorLine.Ok("spool", $"no release waits: there is no folder {spool}");
        try
        {
            var waiting = new DirectoryInfo(spool).EnumerateFiles("*.json").ToList();
            var now = time.GetUtcNow();
            var old = waiting.Where(file => now - file.LastWriteTimeUtc > Stale).ToList();
            return old.Count > 0
                ? DoctorLine.Warning("spool", string.Create(CultureInfo.InvariantCulture, $"{old.Count} releases wait in {spool}, the oldest for {AgeText.Of(now - old.Min(static file => file.LastWriteTimeUtc))}; ipamd's log says why"))
                : DoctorLine.Ok("spool", string.Create(CultureInfo.InvariantCulture, $"releases that wait in {spool}: {waiting.Count}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DoctorLine.Warning("spool", $"{spool} can't be read: {e.Message}; run it as root");
        }
    }

    private DoctorLine Plugin()
    {
        var plugin = Path.Combine(paths.BinFolder, OurPlugin);
        if (!File.Exists(plugin))
            return DoctorLine.Error("plugin", $"there is no {plugin}, where {paths.Runtime} looks; see 'ipamctl install-cni --help'");
        try
        {
            PluginTrial.Run(plugin);
            return DoctorLine.Ok("plugin", $"{plugin} answers");
        }
        catch (InvalidDataException e)
        {
            return DoctorLine.Error("plugin", e.Message);
        }
    }

    private List<DoctorLine> Configurations(List<string> files)
    {
        var lines = files.ConvertAll(file => Configuration(file, isFirst: file == files[0]));
        if (!lines.Exists(static line => line.State == DoctorState.Ok))
            lines.Add(DoctorLine.Warning("configuration", $"no network configuration in {paths.ConfFolder} that can be used uses ipam"));
        return lines;
    }

    private DoctorLine Configuration(string path, bool isFirst)
    {
        try
        {
            var missing = Conflist.Read(path).Plugins.Where(plugin => !File.Exists(Path.Combine(paths.BinFolder, plugin))).ToList();
            if (missing.Count > 0)
                return DoctorLine.Error("configuration", $"{path} names plugins that are not in {paths.BinFolder}: {string.Join(", ", missing)}; install them");
            if (NetworkFolder.Read(path) is not { } file)
                return DoctorLine.Warning("configuration", $"{path} doesn't use ipam{(isFirst ? ", and the runtime takes it first" : "")}");
            var pools = file.Parse().Ipam.Pools.Where(name => catalog is not null && catalog.FindPool(name) is null).ToList();
            return pools.Count > 0
                ? DoctorLine.Error("configuration", $"{path} names pools that there aren't: {string.Join(", ", pools)}; create them with 'ipamctl pool create', or correct the name")
                : DoctorLine.Ok("configuration", $"{path} can be used");
        }
        catch (UsageException e)
        {
            return DoctorLine.Error("configuration", e.Message);
        }
        catch (CniException e)
        {
            return DoctorLine.Error("configuration", $"{path}: {e.Message}");
        }
    }
}
