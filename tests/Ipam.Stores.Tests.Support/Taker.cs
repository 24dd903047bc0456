using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Support;

/// <summary>Takes addresses from a store, one commit each. Several of these share a store by compare-and-swap alone.</summary>
internal sealed class Taker(IIpamStore store, string name)
{
    /// <summary>Takes so many, and prints each once it is committed.</summary>
    public async Task TakeAsync(int count)
    {
        var next = new Block(BlockId.Of("default", Address.Parse("10.0.0.0")), []);
        for (var taken = 0; taken < count;)
        {
            if (next.Held == ulong.MaxValue)
                next = new Block(next.Id with { Index = next.Id.Index + 1 }, []);
            var lease = LeaseOf(next, taken);
            var changed = new Block(next.Id, next.Leases.Append(lease)) { Version = next.Version, LastSequence = lease.Sequence };
            var result = (await store.CommitAsync([new BlockChange(changed, [lease], [])], default))[0];
            if (result.Status != CommitStatus.Committed)
            {
                next = result.Current[0];
                continue;
            }
            next = changed with { Version = result.Version };
            taken++;
            Console.Out.WriteLine(lease.Address);
        }
    }

    private Lease LeaseOf(Block block, int number) => new()
    {
        Space = block.Id.Space,
        Address = block.Id.AddressAt(System.Numerics.BitOperations.TrailingZeroCount(~block.Held)),
        Owner = new Owner("pods", $"{name}-{number}", "eth0"),
        Entry = 0,
        Sequence = block.LastSequence + 1,
        Node = name,
        AcquiredAt = TimeProvider.System.GetUtcNow(),
    };
}
