using System.CommandLine;
using System.Runtime.InteropServices;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Installation;

/// <summary><c>ipamctl install-cni</c>.</summary>
internal sealed class InstallCniCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly HostOptions _host = new();

    private readonly Option<string> _source = new("--from")
    {
        Description = "The folder that has the plugins. [otherwise: cni beside ipamctl's own folder]",
        HelpName = "FOLDER",
    };

    private readonly Option<string[]> _conflists = new("--conflist")
    {
        Description = "A network configuration to install as well, once ipamd answers; under the same name. May be given several times.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace a network configuration of the same name that somebody else put there or changed." };

    private readonly Option<string> _socket = new("--socket")
    {
        Description = "ipamd's socket, as the host calls it. [otherwise: /run/ipam/ipamd.sock]",
        HelpName = "PATH",
    };

    private readonly SecondsOption _wait = new("--wait", 60, 1, 3600, "Wait so long for ipamd to answer, before a network configuration is installed.");
    private readonly SecondsOption _repeat = new("--repeat", 0, 1, 86_400, "Do it again every so many seconds until SIGTERM, so that what others take away comes back; 0: once.");
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show which runtime and which folders were found." };

    public InstallCniCommand(CliEnvironment environment)
        : base("install-cni", "Installs the plugins ipam and net-ptp on a host, and network configurations. Finds the folders that the container runtime uses. Needs no store.")
    {
        _environment = environment;
        _host.AddTo(this);
        Add(_source);
        Add(_conflists);
        Add(_overwrite);
        Add(_socket);
        Add(_wait);
        Add(_repeat);
        Add(_dryRun);
    }

    public override IReadOnlyList<string> Examples =>
        ["ipamctl install-cni --dry-run", "ipamctl install-cni --host-root /host", "ipamctl install-cni --host-root /host --conflist /etc/ipam/10-ipam.conflist --repeat 60"];

    private static string OwnPlugins => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../cni"));

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var pause = _repeat.Of(arguments);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // As the first process of a container it would not even end by SIGTERM, if nobody listened for it.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            while (true)
            {
                var exitCode = await RunOnceAsync(arguments, stop.Token);
                if (pause == TimeSpan.Zero)
                    return exitCode;
                await Task.Delay(pause, _environment.Time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return pause == TimeSpan.Zero ? _environment.Fail("stopped by SIGTERM before all was done", ExitCode.Failure) : ExitCode.Ok;
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private async Task<int> RunOnceAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var installation = Create(arguments);
            var paths = $"found {installation.Paths.Runtime}: plugins in {installation.Paths.BinFolder}, network configurations in {installation.Paths.ConfFolder}";
            if (arguments.GetValue(_dryRun))
                return _environment.Done(paths);
            return await installation.RunAsync(cancellationToken) is { } done ? _environment.Done($"{paths}; installed {done}")
                : _repeat.Of(arguments) == TimeSpan.Zero ? _environment.Done($"{paths}; all is there")
                : ExitCode.Ok;
        }
        catch (Exception e) when (e is InstallationException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return _environment.Fail(e.Message, ExitCode.Failure);
        }
    }

    private CniInstallation Create(ParseResult arguments) => new(_environment)
    {
        Source = arguments.GetValue(_source) ?? OwnPlugins,
        Host = _host.RootOf(arguments),
        Paths = _host.PathsOf(arguments),
        Conflists = [.. (arguments.GetValue(_conflists) ?? []).Select(Conflist.Read)],
        Overwrites = arguments.GetValue(_overwrite),
        Socket = arguments.GetValue(_socket) ?? "/run/ipam/ipamd.sock",
        Patience = _wait.Of(arguments),
    };
}
