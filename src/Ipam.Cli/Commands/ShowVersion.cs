using System.CommandLine;
using System.CommandLine.Invocation;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands;

/// <summary>Prints the version of this program.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"ipamctl {ProgramVersion.Text}");
        return ExitCode.Ok;
    }
}
