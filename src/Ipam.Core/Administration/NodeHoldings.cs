using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>What a node has in a store.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Leases">How many leases were handed out on it.</param>
/// <param name="Blocks">How many blocks it owns.</param>
/// <param name="Pods">Pods that the leases are of, as <c>namespace/name</c>: the first few.</param>
/// <param name="Places">Of each space and family the block that addresses were last handed out of: it remembers where the order <c>next</c> continues.</param>
public sealed record NodeHoldings(string Node, long Leases, long Blocks, IReadOnlyList<string> Pods, IReadOnlySet<BlockId> Places)
{
    private const int MostPods = 5;

    /// <summary>Whether the node has nothing.</summary>
    public bool IsNothing => Leases == 0 && Blocks == 0;

    /// <summary>Looks at a store, block by block.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public static async Task<NodeHoldings> ReadAsync(IIpamStore store, string node, CancellationToken cancellationToken)
    {
        long leases = 0, blocks = 0;
        var pods = new List<string>();
        var latest = new Dictionary<(string, IpFamily), Block>();
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: node), cancellationToken))
        {
            foreach (var block in page)
            {
                blocks += block.Node == node ? 1 : 0;
                // Blocks that nobody owns count, too: one of them may have been the node's until this work was done in part.
                var key = (block.Id.Space, block.Id.Family);
                if (block.LastOffset >= 0 && block.LastSequence > (latest.GetValueOrDefault(key)?.LastSequence ?? 0))
                    latest[key] = block;
                foreach (var lease in block.Leases.Where(lease => lease.Node == node && lease.Owner.EndsWithNode))
                {
                    leases++;
                    if (pods.Count < MostPods && lease.Pod?.ToString() is { } name && !pods.Contains(name))
                        pods.Add(name);
                }
            }
        }
        return new NodeHoldings(node, leases, blocks, pods, latest.Values.Select(static block => block.Id).ToHashSet());
    }
}
