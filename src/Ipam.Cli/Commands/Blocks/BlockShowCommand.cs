using System.CommandLine;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Blocks;

/// <summary><c>ipamctl block show</c>.</summary>
internal sealed class BlockShowCommand : BlockVerb
{
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public BlockShowCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "show", "Shows all of a block: whose it is, who holds its addresses, and which cool down.")
    {
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl block show 10.1.0.64/26", "ipamctl block show 10.1.0.77 -o yaml"];

    protected override Task<int> RunAsync(ParseResult arguments, IIpamStore store, Block block, CancellationToken cancellationToken)
    {
        var now = Environment.Time.GetUtcNow();
        var format = _output.Of(arguments);
        var writer = ListWriter.Create(format, BlockView.OfBlock(block, now), Environment);
        writer.Add(block);
        writer.Complete();
        if (format != OutputFormat.Text || block.Leases.Count == 0)
            return Task.FromResult(ExitCode.Ok);
        Environment.Output.Write("\n"u8);
        var table = ListWriter.Create(OutputFormat.Table, LeaseView.At(now), Environment);
        foreach (var lease in block.Leases)
            table.Add(lease);
        table.Complete();
        return Task.FromResult(ExitCode.Ok);
    }
}
