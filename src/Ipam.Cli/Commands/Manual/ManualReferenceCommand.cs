using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Manual;

/// <summary><c>ipamctl manual reference</c>: prints docs/ipamctl-reference.md.</summary>
internal sealed class ManualReferenceCommand(CliEnvironment environment) : Verb("reference", "Prints all commands as one Markdown document.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl manual reference > docs/ipamctl-reference.md"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var output = new StreamWriter(environment.Output, leaveOpen: true);
        new MarkdownReference(output).Write(ManualPage.Of((RootCommand)arguments.RootCommandResult.Command));
        return ExitCode.Ok;
    }
}
