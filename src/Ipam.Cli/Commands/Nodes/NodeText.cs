using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Nodes;

/// <summary>What is said of nodes in several commands.</summary>
internal static class NodeText
{
    public static string NoNode(IIpamStore store, string name) =>
        $"there is nothing of a node '{name}' in {store.Description}; 'ipamctl node list' shows those that there are.";
}
