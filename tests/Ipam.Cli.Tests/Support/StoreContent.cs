using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;

namespace Ipam.Cli.Tests.Support;

/// <summary>Reads and changes a store as a service beside ipamctl would.</summary>
internal static class StoreContent
{
    /// <summary>The store in a file, which is made if it is missing.</summary>
    public static async Task<IIpamStore> OpenAsync(string path)
    {
        var store = new SqliteStore(path);
        await store.OpenAsync(default);
        return store;
    }

    /// <summary>Adds leases, and takes others away.</summary>
    public static async Task ChangeAsync(this IIpamStore store, IReadOnlyCollection<Lease> added, IReadOnlyCollection<Lease> removed)
    {
        var changes = new List<BlockChange>();
        foreach (var group in added.Concat(removed).ToLookup(static lease => BlockId.Of(lease.Space, lease.Address)))
        {
            var current = (await store.ReadBlocksAsync([group.Key], default)).SingleOrDefault() ?? new Block(group.Key, []);
            var gone = removed.Where(group.Contains).ToArray();
            var come = added.Where(group.Contains).ToArray();
            var after = new Block(group.Key, current.Leases.Except(gone).Concat(come)) { Version = current.Version };
            changes.Add(new BlockChange(after, come, [.. gone.Select(static lease => new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, "node-a")))]));
        }
        Assert.All(await store.CommitAsync(changes, default), static result => Assert.Equal(CommitStatus.Committed, result.Status));
    }

    /// <summary>All leases, by space and address.</summary>
    public static async Task<List<Lease>> LeasesAsync(this IIpamStore store)
    {
        var leases = new List<Lease>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
            leases.AddRange(page.SelectMany(static block => block.Leases));
        return leases;
    }
}
