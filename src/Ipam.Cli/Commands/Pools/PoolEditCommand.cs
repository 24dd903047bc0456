using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool edit</c>.</summary>
internal sealed class PoolEditCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly DocumentOption _document = new("whole pool");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Changes one field; VALUE is JSON or, if it isn't, a text; null for the default. May be repeated.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    public PoolEditCommand(CliEnvironment environment, StoreOptions store)
        : base("edit", "Changes a pool, in $VISUAL, $EDITOR or vi if no option says how. If it changes meanwhile, it stays. So do all leases.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        Add(_document);
        Add(_set);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl pool edit blue --set cooldownSeconds=60 --set order=random",
        "ipamctl pool edit blue --set 'namespaces=[\"shop\",\"lab\"]'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        var document = await _document.ReadAsync(arguments, _environment, cancellationToken);
        var fields = arguments.GetValue(_set) ?? [];
        if (document is not null && fields.Length > 0)
            throw new UsageException("--set is given beside -f; write it into the document, or leave -f out");

        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);

        if (document is null && fields.Length == 0)
            return await new PoolEditing(_environment, pool).RunAsync(changed => WriteAsync(store, pool, changed, cancellationToken), cancellationToken);
        return await WriteAsync(store, pool, PoolDocument.Read(document ?? PoolFieldChange.Apply(pool, fields), name), cancellationToken);
    }

    /// <summary>The held addresses that lay in a pool's ranges before, and don't any more.</summary>
    public static HeldAddresses CutOff(Pool before, Pool after, IEnumerable<BlockSummary> blocks)
    {
        var (old, now) = (PoolAddresses.Of(before), PoolAddresses.Of(after));
        return new HeldAddresses(blocks, block => old.HeldOf(block) & ~now.Of(block.Id));
    }

    private async Task<int> WriteAsync(IIpamStore store, Pool pool, Pool changed, CancellationToken cancellationToken)
    {
        if (PoolDocument.Of(changed) == PoolDocument.Of(pool))
            return _environment.Done($"pool {pool.Name} is so already");
        var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync("changed", new CatalogEditor(store).ReplaceAsync(pool, changed, cancellationToken));
        if (exitCode != ExitCode.Ok)
            return exitCode;
        await TellOfLeftAsync(store, pool, changed, cancellationToken);
        return _environment.Done($"changed pool {pool.Name}");
    }

    /// <summary>Says which leases lay in the ranges before, and don't any more.</summary>
    private async Task TellOfLeftAsync(IIpamStore store, Pool before, Pool after, CancellationToken cancellationToken)
    {
        var left = CutOff(before, after, await store.ListSummariesAsync(new BlockFilter(before.Space), cancellationToken));
        if (left.Count > 0)
            _environment.Note($"leases that lie outside of its ranges now, and stay: {left.Count} ({left}).");
    }
}
