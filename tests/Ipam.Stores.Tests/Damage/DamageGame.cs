using System.Collections.Concurrent;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Damage;

/// <summary>
/// Fills a store, lets somebody spoil many of its objects, and then works on it as ipamd and ipamctl do. Whatever was spoiled: the rest is served,
/// no read fails, a release fails or is carried out, and no address has two owners.
/// </summary>
/// <param name="open">Opens a client of the store.</param>
/// <param name="spoil">Spoils objects, at most one in each block; returns how often it could.</param>
/// <param name="oneReleasedIn">One of how many owners is released.</param>
internal sealed class DamageGame(Func<Task<IIpamStore>> open, Func<Random, IReadOnlyList<Block>, int> spoil, int oneReleasedIn = 1)
{
    private const int Blocks = 500;
    private const int LeasesPerBlock = 3;
    private const int NewOwners = 200;

    private static readonly Pool Pool = new()
    {
        Name = "game",
        Ranges = [new PoolRange { Subnet = Prefix.Parse("10.0.0.0/17") }],
        Policy = new AllocationPolicy { Affinity = BlockAffinity.None },
    };

    private static readonly IReadOnlyList<AllocationRange> Ranges = [.. PoolRanges.Of(Pool, [])];

    private readonly ConcurrentDictionary<Address, Owner> _held = new();

    /// <summary>Plays one round, and returns how many objects were spoiled and how many blocks were found damaged.</summary>
    public async Task<(int Spoiled, int Damaged)> PlayAsync(int seed)
    {
        var random = new Random(seed);
        int spoiled;
        await using (var store = await open())
            spoiled = spoil(random, await FillAsync(store));

        await using var client = await open();
        var watch = new Watch();
        await using var allocator = new Allocator(client, new AllocatorOptions { Node = "node-a" }, TimeProvider.System, new Random(seed), watch);
        await allocator.StartAsync(default);
        await AddAllAsync(allocator, "before");
        foreach (var some in _held.ToArray().Where(held => held.Value.Network == "pods" && random.Next(oneReleasedIn) == 0).Chunk(100))
            await Task.WhenAll(some.Select(held => DeleteAsync(allocator, held.Key, held.Value)));
        await allocator.MaintainAsync(default);
        await AddAllAsync(allocator, "after");
        await LookAsync(client);
        Assert.Equal(0, watch.Returned);
        return (spoiled, watch.Damaged);
    }

    /// <summary>Blocks with a few leases each, one in ten with a cooling address, and a few pools and reservations.</summary>
    private async Task<IReadOnlyList<Block>> FillAsync(IIpamStore store)
    {
        var changes = new List<BlockChange>();
        for (var i = 0; i < Blocks; i++)
        {
            var block = Some.NoBlock(new Address(IpFamily.V4, (10u << 24) + (uint)(i * BlockId.Size)).ToString());
            if (i % 10 == 0)
                block = block with { Cooling = [new CoolingAddress(40, DateTimeOffset.UtcNow.AddDays(1))] };
            Lease[] leases = [.. Enumerable.Range(1, LeasesPerBlock).Select(offset => Some.Lease(block.Id.AddressAt(offset)))];
            foreach (var lease in leases)
                _held[lease.Address] = lease.Owner;
            changes.Add(Change.Give(block, leases));
        }
        foreach (var some in changes.Chunk(100))
            Assert.All(await store.CommitAsync(some, default), static result => Assert.Equal(CommitStatus.Committed, result.Status));
        for (var i = 0; i < 10; i++)
        {
            await store.Pools.PutAsync(Pool with { Name = $"pool-{i}" }, default);
            await store.Pools.PutAsync(
                new Reservation { Name = $"reservation-{i}", Addresses = [new AddressRange(Address.Parse("10.99.0.0"), Address.Parse("10.99.0.9"))], Reason = "a test" }, default);
        }
        var blocks = new List<Block>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
            blocks.AddRange(page);
        Assert.Equal(Blocks, blocks.Count);
        return blocks;
    }

    private async Task AddAllAsync(Allocator allocator, string network)
    {
        var added = await Task.WhenAll(Enumerable.Range(0, NewOwners).Select(i => AddAsync(allocator, new Owner(network, $"c{i}", "eth0"))));
        // What is whole is served.
        Assert.True(added.Count(static done => done) > NewOwners / 2, $"{network}: of {NewOwners} ADDs only {added.Count(static done => done)} were served");
    }

    private async Task<bool> AddAsync(Allocator allocator, Owner owner)
    {
        try
        {
            var request = new AllocationRequest { Space = "default", Owner = owner, Node = "node-a", Entries = [new AllocationEntry(Ranges, null)] };
            var outcome = await allocator.AllocateAsync(request, default);
            var lease = Assert.Single(Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses).Lease;
            Assert.True(_held.TryAdd(lease.Address, owner), $"{lease.Address} is held by {_held.GetValueOrDefault(lease.Address)}, and {owner} got it");
            return true;
        }
        catch (StoreException e) when (e.Damaged is not null)
        {
            return false;
        }
    }

    private async Task DeleteAsync(Allocator allocator, Address address, Owner owner)
    {
        try
        {
            var released = await allocator.ReleaseAsync(owner, ReleaseCause.Del, null, default);
            if (released.Any(lease => lease.Address == address))
                _held.TryRemove(address, out _);
        }
        catch (StoreException e)
        {
            Assert.True(e.Damaged is not null, $"{owner}: {e}");
        }
    }

    /// <summary>What ipamctl and the leader read.</summary>
    private static async Task LookAsync(IIpamStore store)
    {
        await foreach (var _ in new LeaseSearch(store).ListAsync(new LeaseFilter(), default))
        {
        }
        await new SpaceSurvey(store, TimeProvider.System).CountAsync(default);
        var catalog = await store.Pools.ReadAsync(default);
        var summaries = await store.ListSummariesAsync(BlockFilter.All, default);
        foreach (var pool in catalog.Pools)
            PoolStatus.Of(pool, catalog, summaries);
        Assert.All(catalog.Pools, static pool => Assert.Null(PoolRules.Check(pool)));
    }

    private sealed class Watch : IAllocatorObserver
    {
        private int _damaged, _returned;

        public int Damaged => _damaged;

        public int Returned => _returned;

        public void Committed(int requests, int blocks, int conflicts, TimeSpan duration)
        {
        }

        public void Ended(IReadOnlyList<EndedLease> leases)
        {
        }

        public void Failed(Exception fault, bool isUncertain)
        {
        }

        public void SetAside(DamagedBlock block) => _damaged++;

        void IAllocatorObserver.Returned(DamagedBlock block) => _returned++;
    }
}
