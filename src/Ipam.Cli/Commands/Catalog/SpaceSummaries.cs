using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Catalog;

/// <summary>The blocks of spaces without their leases, each space read once.</summary>
internal sealed class SpaceSummaries(IIpamStore store)
{
    private readonly Dictionary<string, IReadOnlyList<BlockSummary>> _spaces = [];

    /// <summary>The blocks of a space, in no order.</summary>
    public async Task<IReadOnlyList<BlockSummary>> ReadAsync(string space, CancellationToken cancellationToken)
    {
        if (!_spaces.TryGetValue(space, out var blocks))
            _spaces[space] = blocks = await store.ListSummariesAsync(new BlockFilter(space), cancellationToken);
        return blocks;
    }
}
