using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>The verb <c>list</c> of what is in the catalog, with how much of it is held.</summary>
/// <typeparam name="TItem">What is listed.</typeparam>
/// <typeparam name="TStatus">What is shown of it.</typeparam>
internal abstract class CatalogListCommand<TItem, TStatus> : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly OutputOption _output = OutputOption.OfList();

    protected CatalogListCommand(CliEnvironment environment, StoreOptions store, string description)
        : base("list", description)
    {
        _environment = environment;
        _store = store;
        Add(_space);
        Add(_output);
    }

    protected abstract View<TStatus> ViewAt(DateTimeOffset now);

    /// <summary>All of them, by name.</summary>
    protected abstract IEnumerable<TItem> ItemsOf(PoolCatalog catalog);

    protected abstract string SpaceOf(TItem item);

    protected abstract Task<TStatus> StatusAsync(TItem item, PoolCatalog catalog, SpaceSurvey spaces, CancellationToken cancellationToken);

    /// <summary>Whether it is one of those that were asked for.</summary>
    protected virtual bool IsMeant(TStatus status, ParseResult arguments) => true;

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var space = arguments.GetValue(_space);
        var writer = ListWriter.Create(_output.Of(arguments), ViewAt(_environment.Time.GetUtcNow()), _environment);
        var spaces = new SpaceSurvey(store, _environment.Time);
        var items = ItemsOf(catalog).Where(item => space is null || SpaceOf(item) == space).ToList();
        foreach (var item in items)
        {
            var status = await StatusAsync(item, catalog, spaces, cancellationToken);
            if (IsMeant(status, arguments))
                writer.Add(status);
        }
        writer.Complete();
        if (items.Count == 0 && space is not null && await new UnknownNames(store).SpaceAsync(space, catalog, cancellationToken) is { } unknown)
            return _environment.Fail(unknown, ExitCode.NotFound);
        return _environment.Shown([.. catalog.Damaged.Select(static entry => entry.Why), .. spaces.Damaged.Select(static block => block.Why)]);
    }
}
