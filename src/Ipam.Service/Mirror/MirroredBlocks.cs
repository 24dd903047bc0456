using Ipam.Core.Blocks;

namespace Ipam.Service.Mirror;

/// <summary>The blocks that a mirror has, and which of this node's leases in them belong to which interface of a pod, so that who asks for a pod needn't look at them all. Not
/// thread-safe.</summary>
/// <param name="isOurs">Says which leases are of this node.</param>
internal sealed class MirroredBlocks(Func<Lease, bool> isOurs)
{
    private readonly Dictionary<BlockId, Block> _blocks = [];
    private readonly Dictionary<PodInterface, Lease[]> _ofPods = [];

    /// <summary>All of them.</summary>
    public Block[] All => [.. _blocks.Values];

    /// <summary>What pods of this name hold for an interface in a network, in whatever container.</summary>
    public IReadOnlyList<Lease> LeasesOf(string network, string interfaceName, PodReference pod) =>
        _ofPods.GetValueOrDefault(new PodInterface(network, interfaceName, pod.Namespace, pod.Name)) ?? [];

    /// <summary>Has the block from now on, in place of what it was.</summary>
    public void Keep(Block block)
    {
        Index(_blocks.GetValueOrDefault(block.Id), block);
        _blocks[block.Id] = block;
    }

    /// <summary>Has the block no more. Answers whether it had it.</summary>
    public bool Remove(BlockId id)
    {
        if (!_blocks.Remove(id, out var block))
            return false;
        Index(block, null);
        return true;
    }

    private void Index(Block? before, Block? after)
    {
        foreach (var lease in before?.Leases ?? [])
        {
            if (lease.Pod is not null && after?.Holds(lease) != true)
                Remove(lease);
        }
        foreach (var lease in after?.Leases ?? [])
        {
            if (lease.Pod is not null && before?.Holds(lease) != true && isOurs(lease))
                _ofPods[PodInterface.Of(lease)] = [.. _ofPods.GetValueOrDefault(PodInterface.Of(lease)) ?? [], lease];
        }
    }

    private void Remove(Lease lease)
    {
        var key = PodInterface.Of(lease);
        if (!_ofPods.TryGetValue(key, out var held))
            return;
        var left = Array.FindAll(held, other => !other.IsSameAs(lease));
        if (left.Length == 0)
            _ofPods.Remove(key);
        else
            _ofPods[key] = left;
    }

    private readonly record struct PodInterface(string Network, string Interface, string Namespace, string Name)
    {
        public static PodInterface Of(Lease lease) => new(lease.Owner.Network, lease.Owner.InterfaceName, lease.Pod!.Namespace, lease.Pod.Name);
    }
}
