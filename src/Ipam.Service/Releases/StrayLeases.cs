using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Imports;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;
using Ipam.Service.Pools;

namespace Ipam.Service.Releases;

/// <summary>
/// Looks for leases of an owner where neither memory nor an index of owners knows them: another node handed them out, or this one while it had another
/// name. Every member throws <see cref="StoreException"/> if the store fails. Safe for use by several threads at once.
/// </summary>
internal sealed class StrayLeases(IIpamStore store, RangeSetSource ranges, FlatFiles files)
{
    private const int BlocksAtOnce = 256;

    /// <summary>More addresses than an interface has. Each may cost a read of a block.</summary>
    private const int MostAddresses = 64;

    /// <summary>
    /// The owner's leases of the addresses that <c>prevResult</c> names, other than <paramref name="known"/>; those among them that were imported when nobody could say whose they
    /// are (<see cref="ImportedOwner"/>). One read, and none without such addresses.
    /// </summary>
    public async Task<IReadOnlyList<Lease>> AtPreviousResultAsync(
        Owner owner, CniEnvironment environment, NetworkConfiguration network, IReadOnlyList<Lease> known, CancellationToken cancellationToken)
    {
        var addresses = AddressesOf(network).Where(address => !known.Any(lease => lease.Address == address)).Take(MostAddresses).ToList();
        if (addresses.Count == 0)
            return [];
        var spaces = await ResolveAsync(network, cancellationToken) is { } sets ? [sets.Space] : await store.ListSpacesAsync(cancellationToken);
        var (wanted, pod) = (addresses.ToHashSet(), PodIn(environment));
        return await ReadAsync(
            [.. spaces.SelectMany(space => addresses.Select(address => BlockId.Of(space, address)))], [owner],
            lease => wanted.Contains(lease.Address) && ImportedOwner.Stands(lease, owner, pod, environment.NetNs), cancellationToken);
    }

    /// <summary>
    /// The leases of several owners in all blocks of the ranges and pools that their configurations name; in all blocks there are for a
    /// configuration that can't be read any more. Costs nothing where the store has an index of owners.
    /// </summary>
    public async Task<IReadOnlyList<Lease>> InAllBlocksAsync(
        IReadOnlyList<(Owner Owner, NetworkConfiguration? Network)> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0 || store.HasOwnerIndex)
            return [];
        var sets = new List<RangeSets?>();
        foreach (var (_, network) in wanted)
            sets.Add(network is null ? null : await ResolveAsync(network, cancellationToken));
        var summaries = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        foreach (var (owner, _) in summaries.Damaged.Count == 0 ? [] : wanted)
        {
            // Only those count that may have a lease of the owner.
            if ((await store.FindLeasesAsync(owner, null, cancellationToken)).Damaged is [var damage, ..])
                throw StoreException.About($"say all that {owner} holds", damage);
        }
        var ids = summaries.Where(block => block.Held != 0 && sets.Exists(set => set is null || IsIn(block.Id, set))).Select(static block => block.Id);
        return await ReadAsync([.. ids], [.. wanted.Select(static one => one.Owner)], static _ => false, cancellationToken);
    }

    private async Task<IReadOnlyList<Lease>> ReadAsync(HashSet<BlockId> ids, HashSet<Owner> owners, Func<Lease, bool> isMeant, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        foreach (var some in ids.Chunk(BlocksAtOnce))
        {
            var found = await store.ReadBlocksAsync(some, cancellationToken);
            // What is sought may be in it: the release waits until the block is mended.
            if (found.Damaged is [var damage, ..])
                throw StoreException.About($"say all that {string.Join(" and ", owners.Take(3))} hold", damage);
            foreach (var block in found)
                leases.AddRange(block.Leases.Where(lease => owners.Contains(lease.Owner) || isMeant(lease)));
        }
        return leases;
    }

    /// <summary>A DEL must not fail over a result or a configuration that can't be read. Null if this one can't.</summary>
    private async Task<RangeSets?> ResolveAsync(NetworkConfiguration network, CancellationToken cancellationToken)
    {
        try
        {
            return await ranges.GetAsync(await files.CompleteAsync(network, cancellationToken), null, cancellationToken);
        }
        catch (CniException)
        {
            return null;
        }
    }

    /// <summary>A DEL must not fail over arguments that can't be read. Null if these can't.</summary>
    private static PodReference? PodIn(CniEnvironment environment)
    {
        try
        {
            return PodOf.Args(RequestedAddresses.ParseArgs(environment.Args));
        }
        catch (CniException)
        {
            return null;
        }
    }

    private static IEnumerable<Address> AddressesOf(NetworkConfiguration network)
    {
        try
        {
            return network.PrevResult?.Ips.Select(static ip => AddressConversion.ToAddress(ip.Address)).Distinct() ?? [];
        }
        catch (CniException)
        {
            return [];
        }
    }

    /// <summary>A pod that might choose its pools may have had any of the space, also one that is gone since.</summary>
    private static bool IsIn(BlockId block, RangeSets sets) =>
        block.Space == sets.Space
        && (sets.Choosable is not null || sets.Sets.Any(set => set.Any(range => range.Reach.Overlaps(new AddressRange(block.AddressAt(0), block.AddressAt(BlockId.Size - 1))))));
}
