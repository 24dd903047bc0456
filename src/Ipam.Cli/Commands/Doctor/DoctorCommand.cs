using System.CommandLine;
using Ipam.Cli.Commands.Installation;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Doctor;

/// <summary><c>ipamctl doctor</c>.</summary>
internal sealed class DoctorCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly HostOptions _host = new();
    private readonly Option<string> _socket = new("--socket") { Description = $"Where ipamd answers. [otherwise: {UsualSocket}]", HelpName = "PATH" };
    private readonly Option<string> _spool = new("--spool") { Description = $"Where releases are spooled. [otherwise: {UsualSpool}]", HelpName = "FOLDER" };
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

    private const string UsualSocket = "/run/ipam/ipamd.sock";
    private const string UsualSpool = "/var/lib/ipam/spool";

    public DoctorCommand(CliEnvironment environment, StoreOptions store)
        : base("doctor", "Checks the store, and on a node ipamd, its spool, the plugin and the network configurations; says what to do.")
    {
        _environment = environment;
        _store = store;
        _host.AddTo(this);
        Add(_socket);
        Add(_spool);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl doctor", "ipamctl doctor -o json | jq '.[] | select(.state != \"ok\")'"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var lines = new List<DoctorLine>();
        PoolCatalog? catalog = null;
        try
        {
            await using var store = await _store.OpenAsync(arguments, cancellationToken);
            lines.AddRange(await new StoreDoctor(store, _environment.Time).LookAsync(cancellationToken));
            catalog = await store.Pools.ReadAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            lines.Add(DoctorLine.Error("store", e.Message));
        }
        lines.AddRange(await HostAsync(arguments, catalog, cancellationToken));
        var writer = ListWriter.Create(_output.Of(arguments), DoctorLine.View, _environment);
        foreach (var line in lines)
            writer.Add(line);
        writer.Complete();
        return lines.TrueForAll(static line => line.State == DoctorState.Ok) ? ExitCode.Ok : ExitCode.Found;
    }

    private async Task<IReadOnlyList<DoctorLine>> HostAsync(ParseResult arguments, PoolCatalog? catalog, CancellationToken cancellationToken)
    {
        try
        {
            var (root, paths) = (_host.RootOf(arguments), _host.PathsOf(arguments));
            var here = paths with { BinFolder = root.PathOf(paths.BinFolder), ConfFolder = root.PathOf(paths.ConfFolder) };
            var (socket, spool) = (root.PathOf(arguments.GetValue(_socket) ?? UsualSocket), root.PathOf(arguments.GetValue(_spool) ?? UsualSpool));
            return await new HostDoctor(here, socket, spool, catalog, _environment.Time).LookAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return [DoctorLine.Error("machine", $"this machine's configuration can't be read: {e.Message}")];
        }
    }
}
