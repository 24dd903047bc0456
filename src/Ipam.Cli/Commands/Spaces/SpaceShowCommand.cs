using System.CommandLine;
using System.Numerics;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Spaces;

/// <summary><c>ipamctl space show</c>.</summary>
internal sealed class SpaceShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the space." };
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public SpaceShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows all of a space: its pools and reservations, its blocks, and how many addresses are held.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl space show default", "ipamctl space show default -o json"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (await new UnknownNames(store).SpaceAsync(name, catalog, cancellationToken) is { } unknown)
            return _environment.Fail(unknown, ExitCode.NotFound);
        var blocks = await store.ListSummariesAsync(new BlockFilter(name), cancellationToken);
        SpaceUsage Usage(IpFamily family) => new(
            name, family, blocks.LongCount(block => block.Id.Family == family), blocks.Where(block => block.Id.Family == family).Sum(static block => (long)BitOperations.PopCount(block.Held)));
        var card = new SpaceCard(
            name,
            [.. ((IpFamily[])[IpFamily.V4, IpFamily.V6]).Select(Usage).Where(static usage => usage.Blocks > 0)],
            [.. catalog.Pools.Where(pool => pool.Space == name).Select(static pool => pool.Name)],
            [.. catalog.Reservations.Where(reservation => reservation.Space == name).Select(static reservation => reservation.Name)],
            [.. blocks.Select(static block => block.Node).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
        var writer = ListWriter.Create(_output.Of(arguments), SpaceCard.ViewOf(card), _environment.Output);
        writer.Add(card);
        writer.Complete();
        return _environment.Shown(blocks.Damaged.Select(static block => block.Why));
    }
}
