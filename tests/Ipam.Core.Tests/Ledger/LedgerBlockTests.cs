using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Ledger;

public class LedgerBlockTests
{
    private static readonly ReleaseReason Reason = new(ReleaseCause.Del, "node");

    private static readonly BlockId Id = BlockId.Of(Some.Space, Address.Parse("10.0.0.0"));

    [Fact]
    public void What_is_taken_is_held_at_once_and_stored_after_the_commit()
    {
        var block = Empty();
        var lease = Some.Lease("10.0.0.7", sequence: 9);
        block.Take(lease);
        Assert.True(block.IsDirty);
        Assert.Equal(1UL << 7, block.Held);
        Assert.Equal(lease, block.LeaseOf(lease.Address));
        Assert.Empty(block.Stored.Leases);

        var change = block.ToChange()!;
        Assert.Equal([lease], change.Added);
        Assert.Empty(change.Ended);
        Assert.Equal((0, 9, 7), (change.Block.Version, change.Block.LastSequence, change.Block.LastOffset));

        block.Committed(version: 4);
        Assert.False(block.IsDirty);
        Assert.Equal(4, block.Stored.Version);
        Assert.Equal([lease], block.Stored.Leases);
        Assert.Null(block.ToChange());
    }

    [Fact]
    public void An_address_that_changes_hands_is_removed_and_added()
    {
        var (before, after) = (Some.Lease("10.0.0.7", "a", 1), Some.Lease("10.0.0.7", "b", 2));
        var block = new LedgerBlock(new Block(Id, [before]) { Version = 1 });
        block.Release(before, Reason, DateTimeOffset.UnixEpoch);
        block.Take(after);
        var change = block.ToChange()!;
        Assert.Equal([new EndedLease(before, Reason)], change.Ended);
        Assert.Equal([after], change.Added);
        Assert.Equal([after], change.Block.Leases);
    }

    [Fact]
    public void Taking_and_giving_back_leaves_nothing_to_write()
    {
        var block = Empty();
        block.Take(Some.Lease("10.0.0.7"));
        block.GiveBack(Some.Lease("10.0.0.7"), Reason);
        Assert.Equal(0UL, block.Held);
        Assert.Null(block.ToChange());
    }

    [Fact]
    public void A_block_to_be_deleted_is_kept_when_an_address_is_taken_from_it()
    {
        var block = new LedgerBlock(new Block(Id, []) { Version = 1 });
        block.Delete();
        Assert.True(block.ToChange()!.Delete);
        block.Take(Some.Lease("10.0.0.7"));
        Assert.False(block.ToChange()!.Delete);
    }

    [Fact]
    public void Random_steps_leave_what_a_dictionary_says()
    {
        var random = new Random(13);
        var (block, stored, held) = (Empty(), new SortedDictionary<Address, Lease>(), new SortedDictionary<Address, Lease>());
        for (var sequence = 1; sequence < 5_000; sequence++)
        {
            var address = Id.AddressAt(random.Next(BlockId.Size));
            switch (random.Next(10))
            {
                case 0:
                    Commit();
                    break;
                case 1:
                    block.Reset(block.Stored);
                    held = new(stored);
                    break;
                default:
                    TakeOrGive(address, sequence);
                    break;
            }
            Assert.Equal(held.Values, block.Leases);
            Assert.Equal(held.Keys.Aggregate(0UL, static (mask, a) => mask | 1UL << BlockId.OffsetOf(a)), block.Held);
            Assert.Equal(stored.Values, block.Stored.Leases);
        }

        void TakeOrGive(Address address, long sequence)
        {
            if (held.Remove(address, out var lease))
            {
                block.GiveBack(lease, Reason);
                return;
            }
            held.Add(address, Some.Lease(address.ToString(), sequence: sequence));
            block.Take(held[address]);
        }

        void Commit()
        {
            var change = block.ToChange();
            Assert.Equal(held.Values.Except(stored.Values).Any() || stored.Values.Except(held.Values).Any(), change is not null);
            if (change is null)
                return;
            Assert.Equal(held.Values.Except(stored.Values), change.Added);
            Assert.Equal(stored.Values.Except(held.Values), change.Ended.Select(static ended => ended.Lease));
            Assert.Equal(held.Values, change.Block.Leases);
            block.Committed(block.Stored.Version + 1);
            stored = new(held);
        }
    }

    private static LedgerBlock Empty() => new(new Block(Id, []));
}
