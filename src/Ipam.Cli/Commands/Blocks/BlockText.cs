using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Blocks;

/// <summary>What is said of blocks in several commands.</summary>
internal static class BlockText
{
    public static string NoBlock(IIpamStore store, BlockId id) =>
        $"there is no block {id.Prefix} in space '{id.Space}' of {store.Description}: nobody holds an address there; 'ipamctl block list' shows those that there are.";
}
