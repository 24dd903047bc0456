using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Addresses that stay their owners', and the records by which these find them.</summary>
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

    [Fact]
    public async Task A_record_is_written_by_compare_and_swap()
    {
        const string name = "StatefulSet/shop/web-0/eth0/net \"ü\"";
        var records = Store.Sticky;
        Assert.Null(await records.FindAsync(name, default));
        Assert.False(await records.PutAsync(name, "a 10.0.0.1", "b", default));
        Assert.True(await records.PutAsync(name, null, "a 10.0.0.1", default));
        Assert.False(await records.PutAsync(name, null, "b", default));
        Assert.False(await records.PutAsync(name, "b", "c", default));
        Assert.Equal("a 10.0.0.1", await records.FindAsync(name, default));

        Assert.True(await records.PutAsync(name, "a 10.0.0.1", "a 10.0.0.1 fd00::1", default));
        Assert.True(await records.PutAsync("other", null, "x", default));
        Assert.Equal([new(name, "a 10.0.0.1 fd00::1"), new("other", "x")], (await records.ListAsync(default)).OrderBy(static record => record.Key, StringComparer.Ordinal));

        Assert.False(await records.PutAsync(name, "a 10.0.0.1", null, default));
        Assert.True(await records.PutAsync(name, "a 10.0.0.1 fd00::1", null, default));
        Assert.Null(await records.FindAsync(name, default));
        Assert.Equal("other", Assert.Single(await records.ListAsync(default)).Key);
    }

    [Fact]
    public async Task Of_many_who_write_a_record_at_once_one_does()
    {
        var wrote = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.Sticky.PutAsync("race", null, $"{i}", default))));

        Assert.Single(wrote, static one => one);
        Assert.Equal($"{Array.IndexOf(wrote, true)}", await Store.Sticky.FindAsync("race", default));
    }

    private async Task<Block> CommitOneAsync(BlockChange change)
    {
        Assert.Equal(CommitStatus.Committed, (await Store.CommitAsync([change], default))[0].Status);
        return Assert.Single(await Store.ReadBlocksAsync([change.Block.Id], default));
    }
}
