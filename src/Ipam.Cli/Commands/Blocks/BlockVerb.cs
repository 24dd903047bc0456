using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Blocks;

/// <summary>A command about one block, which its argument names and which must be there and whole.</summary>
internal abstract class BlockVerb : Verb
{
    private readonly StoreOptions _store;
    private readonly BlockArgument _block = new();
    private readonly Option<string> _space = SpaceOption.ForNew();

    protected BlockVerb(CliEnvironment environment, StoreOptions store, string name, string description) : base(name, description)
    {
        (Environment, _store) = (environment, store);
        Add(_block);
        Add(_space);
    }

    protected CliEnvironment Environment { get; }

    /// <summary>Does it, and returns the exit code.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="store">The store, open.</param>
    /// <param name="block">The block, as it is there.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    protected abstract Task<int> RunAsync(ParseResult arguments, IIpamStore store, Block block, CancellationToken cancellationToken);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = _block.Of(arguments, arguments.GetValue(_space) ?? SpaceOption.Default);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var found = await store.ReadBlocksAsync([id], cancellationToken);
        if (found.Damaged.Count > 0)
            return Environment.Shown(found.Damaged.Select(static block => block.Why));
        return found.Count == 0
            ? Environment.Fail(BlockText.NoBlock(store, id), ExitCode.NotFound)
            : await RunAsync(arguments, store, found[0], cancellationToken);
    }
}
