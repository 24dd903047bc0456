using System.Globalization;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Commits;

/// <summary>Writes the changes of one space as the commit script wants them.</summary>
internal static class CommitArguments
{
    /// <summary>The arguments.</summary>
    /// <exception cref="ArgumentException">A lease is of another block than its change.</exception>
    public static List<RedisValue> Of(SpaceKeys keys, IReadOnlyList<BlockChange> changes)
    {
        var arguments = new List<RedisValue> { keys.NodePrefix };
        foreach (var change in changes)
            Add(arguments, change);
        return arguments;
    }

    private static void Add(List<RedisValue> arguments, BlockChange change)
    {
        var block = change.Block;
        arguments.Add(AddressKey.Of(block.Id));
        arguments.Add(block.Version);
        arguments.Add(HeldBefore(change).ToString("x16", CultureInfo.InvariantCulture));
        arguments.Add(change.Delete ? 1 : 0);
        arguments.Add(BlockHead.WithoutVersion(block));
        arguments.Add(change.Ended.Count);
        foreach (var (lease, _) in change.Ended)
        {
            var address = AddressKey.Of(lease.Address);
            arguments.Add(address);
            arguments.Add(SpaceKeys.Owner(lease.Owner));
            arguments.Add(Token(lease, address));
        }
        arguments.Add(change.Added.Count);
        foreach (var lease in change.Added)
        {
            var address = AddressKey.Of(lease.Address);
            arguments.Add(address);
            arguments.Add(SpaceKeys.Owner(lease.Owner));
            arguments.Add(lease.Entry);
            arguments.Add(Token(lease, address));
            arguments.Add(LeaseText.Of(lease));
        }
    }

    private static string Token(Lease lease, string address) =>
        string.Create(CultureInfo.InvariantCulture, $"{lease.Entry}:{address}:{lease.Sequence};");

    /// <summary>The bits that the block in the store must have for the change to make sense.</summary>
    private static ulong HeldBefore(BlockChange change) => (change.Block.Held & ~Bits(change.Added, change.Block.Id)) | Bits(change.Ended.Select(static ended => ended.Lease), change.Block.Id);

    private static ulong Bits(IEnumerable<Lease> leases, BlockId block)
    {
        var bits = 0UL;
        foreach (var lease in leases)
        {
            if (BlockId.Of(lease.Space, lease.Address) != block)
                throw new ArgumentException($"the lease of {lease.Address} in space '{lease.Space}' is not of block {block}, which the change is about");
            bits |= 1UL << BlockId.OffsetOf(lease.Address);
        }
        return bits;
    }
}
