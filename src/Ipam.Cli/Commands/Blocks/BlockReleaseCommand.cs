using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Blocks;

/// <summary><c>ipamctl block release</c>.</summary>
internal sealed class BlockReleaseCommand : BlockVerb
{
    private readonly Confirmation _confirmation;

    public BlockReleaseCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "release", "Takes an empty block from its node, after asking, so that any node may claim it. Nothing that is held is touched.")
    {
        _confirmation = new Confirmation(environment, "release");
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl block release 10.1.0.64/26 --dry-run", "ipamctl block release 10.1.0.64/26 --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, IIpamStore store, Block block, CancellationToken cancellationToken)
    {
        var id = block.Id;
        var now = Environment.Time.GetUtcNow();
        _confirmation.Show(BlockView.OfBlock(block, now), block);
        if (BlockRelease.Obstacle(block, now) is { } obstacle)
            return Environment.Fail($"not released: {obstacle}", ExitCode.Refused);
        if (_confirmation.EndsWith(arguments, $"would release block {id.Prefix} in space {id.Space}", $"Any node may claim it then. Release block {id.Prefix} in space '{id.Space}'?") is { } end)
            return end;
        return await BlockRelease.TryAsync(store, block, cancellationToken)
            ? Environment.Done($"released block {id.Prefix} in space {id.Space}")
            : Environment.Fail($"not released: the block was changed meanwhile. Look again with 'ipamctl block show {id.Prefix}'.", ExitCode.Refused);
    }
}
