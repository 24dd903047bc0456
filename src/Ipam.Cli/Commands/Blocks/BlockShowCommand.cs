using System.CommandLine;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Blocks;

/// <summary><c>ipamctl block show</c>.</summary>
internal sealed class BlockShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly BlockArgument _block = new();
    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public BlockShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows all of a block: whose it is, who holds its addresses, and which cool down.")
    {
        _environment = environment;
        _store = store;
        Add(_block);
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl block show 10.1.0.64/26", "ipamctl block show 10.1.0.77 -o yaml"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = _block.Of(arguments, arguments.GetValue(_space) ?? SpaceOption.Default);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var found = await store.ReadBlocksAsync([id], cancellationToken);
        if (found.Damaged.Count > 0)
            return _environment.Shown(found.Damaged.Select(static block => block.Why));
        if (found.Count == 0)
            return _environment.Fail(BlockText.NoBlock(store, id), ExitCode.NotFound);
        var now = _environment.Time.GetUtcNow();
        var format = _output.Of(arguments);
        var writer = ListWriter.Create(format, BlockView.OfBlock(found[0], now), _environment.Output);
        writer.Add(found[0]);
        writer.Complete();
        if (format != OutputFormat.Text || found[0].Leases.Count == 0)
            return ExitCode.Ok;
        _environment.Output.Write("\n"u8);
        var table = ListWriter.Create(OutputFormat.Table, LeaseView.At(now), _environment.Output);
        foreach (var lease in found[0].Leases)
            table.Add(lease);
        table.Complete();
        return ExitCode.Ok;
    }
}
