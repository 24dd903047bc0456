using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands;

/// <summary>The usual help, then a verb's examples and the exit codes.</summary>
internal sealed class HelpWithNotes(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        output.WriteLine("Exit codes:");
        for (var code = 0; code < ExitCode.Meanings.Count; code++)
            output.WriteLine($"{code.ToString(CultureInfo.InvariantCulture).PadLeft(3)}  {ExitCode.Meanings[code].Replace("; ", $";{Environment.NewLine}     ", StringComparison.Ordinal)}");
        return exitCode;
    }
}
