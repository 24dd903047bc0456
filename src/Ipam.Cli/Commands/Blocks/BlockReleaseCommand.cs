using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Blocks;

/// <summary><c>ipamctl block release</c>.</summary>
internal sealed class BlockReleaseCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly BlockArgument _block = new();
    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly Confirmation _confirmation;

    public BlockReleaseCommand(CliEnvironment environment, StoreOptions store)
        : base("release", "Takes an empty block from its node, after asking, so that any node may claim it. Nothing that is held is touched.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "release");
        Add(_block);
        Add(_space);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl block release 10.1.0.64/26 --dry-run", "ipamctl block release 10.1.0.64/26 --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = _block.Of(arguments, arguments.GetValue(_space) ?? SpaceOption.Default);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var found = await store.ReadBlocksAsync([id], cancellationToken);
        if (found.Damaged.Count > 0)
            return _environment.Shown(found.Damaged.Select(static block => block.Why));
        if (found.Count == 0)
            return _environment.Fail(BlockText.NoBlock(store, id), ExitCode.NotFound);
        var block = found[0];
        var now = _environment.Time.GetUtcNow();
        _confirmation.Show(BlockView.OfBlock(block, now), block);
        if (BlockRelease.Obstacle(block, now) is { } obstacle)
            return _environment.Fail($"not released: {obstacle}", ExitCode.Refused);
        if (_confirmation.EndsWith(arguments, $"would release block {id.Prefix} in space {id.Space}", $"Any node may claim it then. Release block {id.Prefix} in space '{id.Space}'?") is { } end)
            return end;
        return await BlockRelease.TryAsync(store, block, cancellationToken)
            ? _environment.Done($"released block {id.Prefix} in space {id.Space}")
            : _environment.Fail($"not released: the block was changed meanwhile. Look again with 'ipamctl block show {id.Prefix}'.", ExitCode.Refused);
    }
}
