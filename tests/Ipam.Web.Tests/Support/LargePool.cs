using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Web.Tests.Support;

/// <summary>A pool of 65,536 addresses, of which nearly all are held, and its page; what is measured is what is tested.</summary>
internal static class LargePool
{
    /// <summary>Where its page is.</summary>
    public const string Page = "pool/huge";

    /// <summary>How many addresses it has, the edges of its networks counted.</summary>
    public const int Addresses = BlockCount * BlockId.Size;

    /// <summary>A script that says after how many milliseconds the page that is shown was painted first.</summary>
    public const string FirstPaint = "() => new Promise(found => new PerformanceObserver(list => found(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))";

    private const int BlockCount = 1_024;
    private const int BlocksAtOnce = 128;
    private const int NodeCount = 40;
    private const long FirstSequence = 1_700_000_000_000_000;

    private static readonly Prefix Subnet = Prefix.Parse("10.64.0.0/16");

    /// <summary>Puts it into a new store.</summary>
    public static async Task FillAsync(string url)
    {
        await using var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        if (!await store.Pools.PutAsync(new Pool { Name = "huge", Ranges = [new PoolRange { Subnet = Subnet }] }, default))
            throw new InvalidOperationException("the pool can't be written");
        var first = BlockId.Of("default", Subnet.First);
        foreach (var numbers in Enumerable.Range(0, BlockCount).Chunk(BlocksAtOnce))
        {
            var changes = numbers.Select(number => FullOf(first with { Index = first.Index + (uint)number }, $"worker-{number % NodeCount}.cluster.example")).ToList();
            if ((await store.CommitAsync(changes, default)).Any(static result => result.Status != CommitStatus.Committed))
                throw new InvalidOperationException("a block can't be written");
        }
    }

    /// <summary>A block of which nearly all is held: the first and the last addresses of the pool's subnet stay out.</summary>
    private static BlockChange FullOf(BlockId id, string node)
    {
        var leases = Enumerable.Range(0, BlockId.Size).Where(offset => IsHeld(id.AddressAt(offset))).Select(offset => new Lease
        {
            Space = id.Space,
            Address = id.AddressAt(offset),
            Owner = new Owner("pods", $"container-of-{id.AddressAt(offset)}", "eth0"),
            Entry = 0,
            Sequence = FirstSequence + offset,
            Node = node,
            Pod = new PodReference("shop", $"web-{offset}-of-a-deployment-5d78c9869d-abcde", ""),
            AcquiredAt = DateTimeOffset.UnixEpoch,
        }).ToArray();
        return new BlockChange(new Block(id, leases) { Node = node, LastSequence = FirstSequence + BlockId.Size, LastOffset = BlockId.Size - 1 }, leases, []);
    }

    private static bool IsHeld(Address address) => address.Value % 256 != 0 && address.ToString() is not ("10.64.0.1" or "10.64.255.255");
}
