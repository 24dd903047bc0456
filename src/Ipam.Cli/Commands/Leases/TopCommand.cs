using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl top</c>.</summary>
internal sealed class TopCommand : Verb
{
    private const int Usual = 5;

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Option<string[]> _by = new("--by")
    {
        Description = "Only by this. May be repeated. [otherwise: by all]",
        HelpName = string.Join('|', LeaseTally.Kinds),
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LimitOption _limit = new(Usual);
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

    public TopCommand(CliEnvironment environment, StoreOptions store)
        : base("top", "Shows who holds the most addresses, and how many were handed out in the last hour.")
    {
        _environment = environment;
        _store = store;
        _by.CompletionSources.Add([.. LeaseTally.Kinds]);
        _by.Validators.Add(static result =>
        {
            foreach (var kind in result.Tokens.Select(static token => token.Value).Except(LeaseTally.Kinds))
                result.AddError($"'{kind}' is nothing to count by; known are: {string.Join(", ", LeaseTally.Kinds)}.");
        });
        Add(_by);
        Add(_space);
        Add(_pool);
        Add(_limit);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl top", "ipamctl top --pool blue --by namespace --limit 20"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        var filter = new LeaseFilter { Space = arguments.GetValue(_space) };
        if (arguments.GetValue(_pool) is { } name)
        {
            if (catalog.FindPool(name) is not { } pool)
                return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
            filter = filter.In(pool);
        }
        var kinds = arguments.GetValue(_by) is { Length: > 0 } some ? some.Distinct() : LeaseTally.Kinds;
        var tops = kinds.Select(kind => new LeaseTop(kind, catalog.Pools, _environment.Time.GetUtcNow())).ToList();
        var search = new LeaseSearch(store);
        await foreach (var lease in search.ListAsync(filter, cancellationToken))
            tops.ForEach(top => top.Add(lease));
        var writer = ListWriter.Create(_output.Of(arguments), TopRow.View, _environment);
        var rows = tops.SelectMany(top => top.Rows.Take(_limit.Of(arguments))).ToList();
        rows.ForEach(writer.Add);
        writer.Complete();
        if (rows.Count == 0 && await new UnknownNames(store).FindAsync(new LeaseFilter { Space = arguments.GetValue(_space) }, catalog, cancellationToken) is { } unknown)
            return _environment.Fail(unknown, ExitCode.NotFound);
        return _environment.Shown(search.Damaged.Select(static block => block.Why));
    }
}
