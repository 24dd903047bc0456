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
internal sealed class SpaceShowCommand : ShowVerb
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the space." };

    public SpaceShowCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, new OutputOption(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml), "show", "Shows all of a space: its pools and reservations, its blocks, and how many addresses are held.") =>
        Add(_name);

    public override IReadOnlyList<string> Examples => ["ipamctl space show default", "ipamctl space show default -o json"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (await new UnknownNames(store).SpaceAsync(name, catalog, cancellationToken) is { } unknown)
            return Environment.Fail(unknown, ExitCode.NotFound);
        var blocks = await store.ListSummariesAsync(new BlockFilter(name), cancellationToken);
        SpaceUsage Usage(IpFamily family) => new(
            name, family, blocks.LongCount(block => block.Id.Family == family), blocks.Where(block => block.Id.Family == family).Sum(static block => (long)BitOperations.PopCount(block.Held)));
        var card = new SpaceCard(
            name,
            [.. ((IpFamily[])[IpFamily.V4, IpFamily.V6]).Select(Usage).Where(static usage => usage.Blocks > 0)],
            [.. catalog.Pools.Where(pool => pool.Space == name).Select(static pool => pool.Name)],
            [.. catalog.Reservations.Where(reservation => reservation.Space == name).Select(static reservation => reservation.Name)],
            [.. blocks.Select(static block => block.Node).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
        var writer = ListWriter.Create(format, SpaceCard.ViewOf(card), Environment);
        writer.Add(card);
        writer.Complete();
        return Environment.Shown(blocks.Damaged.Select(static block => block.Why));
    }
}
