using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands;

/// <summary>Prints the version of this program.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"ipamctl {version}");
        return ExitCode.Ok;
    }
}
