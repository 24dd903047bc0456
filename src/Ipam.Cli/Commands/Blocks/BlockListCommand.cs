using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Blocks;

/// <summary><c>ipamctl block list</c>.</summary>
internal sealed class BlockListCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressRangeArgument _addresses = new("Only blocks that have some of these: an address, a network such as 10.1.0.0/24, or FIRST-LAST. [otherwise: all]");
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _node = new("--node") { Description = "Only blocks that this node owns.", HelpName = "NAME" };
    private readonly Option<bool> _empty = new("--empty") { Description = "Only blocks in which nobody holds an address." };
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

    public BlockListCommand(CliEnvironment environment, StoreOptions store)
        : base("list", "Lists the blocks, by space and address: whose they are, and how full.")
    {
        _environment = environment;
        _store = store;
        Add(_addresses);
        Add(_space);
        Add(_node);
        Add(_empty);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl block list", "ipamctl block list 10.1.0.0/24", "ipamctl block list --node worker-3 --empty"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var blocks = await store.ListSummariesAsync(new BlockFilter(arguments.GetValue(_space)), cancellationToken);
        var (addresses, node, isEmpty) = (_addresses.Of(arguments), arguments.GetValue(_node), arguments.GetValue(_empty));
        var writer = ListWriter.Create(_output.Of(arguments), BlockView.OfSummaries(), _environment);
        var shown = blocks
            .Where(block => addresses?.Overlaps(new AddressRange(block.Id.AddressAt(0), block.Id.AddressAt(BlockId.Size - 1))) ?? true)
            .Where(block => (node is null || block.Node == node) && (!isEmpty || block.Held == 0))
            .OrderBy(static block => block.Id.Space, StringComparer.Ordinal).ThenBy(static block => block.Id.AddressAt(0)).ToList();
        shown.ForEach(writer.Add);
        writer.Complete();
        var filter = new LeaseFilter { Space = arguments.GetValue(_space), Node = node };
        if (shown.Count == 0 && (filter.Space ?? node) is not null
            && await new UnknownNames(store).FindAsync(filter, await store.Pools.ReadAsync(cancellationToken), cancellationToken) is { } unknown)
            return _environment.Fail(unknown, ExitCode.NotFound);
        return _environment.Shown(blocks.Damaged.Select(static block => block.Why));
    }
}
