using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Addresses that stay their owners'.</summary>
public abstract partial class StoreContract
{
    private static readonly StickyMark[] Marks =
    [
        new(new StickyOwner(StickyKind.StatefulSet, "shop", "web-0"), null),
        new(new StickyOwner(StickyKind.Name, "", "Printer_2.b"), TimeSpan.FromDays(7)),
        new(new StickyOwner(StickyKind.IPAMClaim, "shop", "db.blue") { Uid = "6b3f6c1e-3d0f-4f0e-9a51-6f1c0a5f2b11" }, null),
    ];

    [Fact]
    public async Task A_mark_comes_back_with_its_lease_in_a_containers_hands_and_without_one()
    {
        foreach (var (mark, i) in Marks.Select(static (mark, i) => (mark, i)))
        {
            var address = $"10.{100 + i}.0.1";
            var lease = Some.Lease(address) with { Sticky = mark, NetworkNamespace = i == 0 ? "/run/netns/cni-1" : "", NamespaceIdentity = i == 0 ? new NamespaceIdentity(1, 2, 3) : default };
            var held = await CommitOneAsync(new BlockChange(new Block(BlockId.Of(lease.Space, lease.Address), []).Take(lease), [lease], []));
            Assert.Equal(lease, held.LeaseOf(lease.Address));

            var kept = lease.Kept(lease.AcquiredAt.AddSeconds(1), "node")! with { Sequence = lease.Sequence + 1 };
            var change = new BlockChange(held.GiveBack(lease).Take(kept), [kept], [new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, "node"))]);
            Assert.Equal(kept, (await CommitOneAsync(change)).LeaseOf(kept.Address));
            Assert.Empty((await Store.FindLeasesAsync(lease.Owner, null, default)).Whole);
        }
    }

    private async Task<Block> CommitOneAsync(BlockChange change)
    {
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync([change], default))[0].Status);
        return Assert.Single(await Store.ReadBlocksAsync([change.Block.Id], default));
    }
}
