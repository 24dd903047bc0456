using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool delete</c>.</summary>
internal sealed class PoolDeleteCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");
    private readonly Option<bool> _force = new("--force") { Description = "Delete it although leases lie in its ranges. They stay." };
    private readonly Confirmation _confirmation;

    public PoolDeleteCommand(CliEnvironment environment, StoreOptions store)
        : base("delete", "Deletes a pool, after asking. It must not be in use; if it changes meanwhile, it stays.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "delete");
        Add(_name);
        Add(_force);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl pool delete blue --dry-run", "ipamctl pool delete blue --force --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        if (catalog.FindDamagedPool(name) is { } damaged)
            return await new DamagedDeletion(_environment, _confirmation).RunAsync(arguments, store, damaged, cancellationToken);
        if (catalog.FindPool(name) is not { } pool)
            return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);

        var blocks = await store.ListSummariesAsync(new BlockFilter(pool.Space), cancellationToken);
        _confirmation.Show(PoolView.At(_environment.Time.GetUtcNow()), PoolStatus.Of(pool, catalog, blocks));
        var held = new HeldAddresses(blocks, PoolAddresses.Of(pool).HeldOf);
        if (held.Count > 0 && !arguments.GetValue(_force))
            return _environment.Fail(InUse(name, held), ExitCode.Refused);
        if (_confirmation.EndsWith(arguments, $"would delete pool {name}", Question(name, held)) is { } end)
            return end;

        var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync("deleted", new CatalogEditor(store).DeleteAsync(pool, cancellationToken));
        return exitCode == ExitCode.Ok ? _environment.Done($"deleted pool {name}") : exitCode;
    }

    private static string InUse(string name, HeldAddresses held) =>
        $"not deleted: leases in the ranges of pool '{name}': {held.Count} ({held}). "
        + $"Disable it with 'ipamctl pool disable {name}' and wait until they are released, or use --force: they stay, and keep their addresses.";

    private static string Question(string name, HeldAddresses held)
    {
        var leases = held.Count == 0 ? "" : $"The {held.Count} leases in its ranges stay. ";
        return $"{leases}Who asks for pool '{name}' gets no address any more. Delete it?";
    }
}
