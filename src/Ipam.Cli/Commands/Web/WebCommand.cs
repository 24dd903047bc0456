using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Web;

/// <summary><c>ipamctl web</c>: runs ipam-web, which is installed beside ipamctl, so that nothing of a web server is loaded for any other command.</summary>
internal sealed class WebCommand : Verb
{
    private const string Program = "ipam-web";

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _listen = new("--listen") { Description = "Where to listen. [otherwise: 127.0.0.1:9180]", HelpName = "ADDRESS:PORT" };

    public WebCommand(CliEnvironment environment, StoreOptions store)
        : base("web", "Shows the store in a browser, until it is interrupted: runs ipam-web, which changes nothing.")
    {
        (_environment, _store) = (environment, store);
        Add(_listen);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl web", "ipamctl web --listen 127.0.0.1:8080"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", Program, Program));
        var start = new ProcessStartInfo(path);
        // Not on its command line, which everybody may read: there may be a password in it.
        start.Environment["IPAM_STORE"] = _store.Url(arguments);
        if (arguments.GetValue(_store.Configuration) is { } file)
            start.Environment["IPAM_CONFIG"] = file;
        if (arguments.GetValue(_listen) is { } listen)
            start.ArgumentList.Add($"--listen={listen}");
        try
        {
            using var program = Process.Start(start)!;
            // The terminal tells both of Ctrl-C; it ends by itself, and so do we.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                program.Kill();
            });
            await program.WaitForExitAsync(cancellationToken);
            return program.ExitCode;
        }
        catch (Win32Exception e)
        {
            return _environment.Fail($"{path} can't be run: {e.Message}; it is installed beside ipamctl", ExitCode.Failure);
        }
    }
}
