using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>A command about one pool, which its argument names and which must be there.</summary>
internal abstract class PoolVerb : Verb
{
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = CatalogText.Name("pool");

    protected PoolVerb(CliEnvironment environment, StoreOptions store, string name, string description) : base(name, description)
    {
        (Environment, _store) = (environment, store);
        Add(_name);
    }

    protected CliEnvironment Environment { get; }

    /// <summary>Does it, and returns the exit code.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="store">The store, open.</param>
    /// <param name="catalog">Its pools and reservations.</param>
    /// <param name="pool">The pool, as it is there.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    protected abstract Task<int> RunAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_name);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        return catalog.FindPool(name) is { } pool
            ? await RunAsync(arguments, store, catalog, pool, cancellationToken)
            : Environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
    }
}
