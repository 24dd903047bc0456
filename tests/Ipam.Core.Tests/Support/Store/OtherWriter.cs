using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>Another process that changes blocks in the store, and whose clock is far ahead.</summary>
internal sealed class OtherWriter(StoreContent content)
{
    private long _sequence = 1L << 51;

    public Lease Take(string address, string owner, int entry = 0)
    {
        var block = Read(address);
        _sequence = Math.Max(_sequence, block.LastSequence) + 1;
        var lease = Some.Lease(address, owner, _sequence, entry);
        Write(new Block(block.Id, block.Leases.Append(lease))
        {
            Version = block.Version,
            LastSequence = _sequence,
            LastOffset = BlockId.OffsetOf(lease.Address),
        }, [lease], []);
        return lease;
    }

    public void Give(string address)
    {
        var block = Read(address);
        var lease = block.LeaseOf(Address.Parse(address))!;
        Write(new Block(block.Id, block.Leases.Where(other => other != lease))
        {
            Version = block.Version,
            LastSequence = block.LastSequence,
            LastOffset = block.LastOffset,
        }, [], [lease]);
    }

    /// <summary>Gives the block of an address another version and nothing else.</summary>
    public void Touch(string address)
    {
        var block = Read(address);
        Write(block with { LastSequence = block.LastSequence + 1 }, [], []);
    }

    /// <summary>Deletes the block of an address, which holds no lease.</summary>
    public void Delete(string address)
    {
        var block = Read(address);
        _sequence = Math.Max(_sequence, block.LastSequence);
        content.Commit([new BlockChange(block, [], [], Delete: true)]);
    }

    private Block Read(string address)
    {
        var id = BlockId.Of(Some.Space, Address.Parse(address));
        return content.Find(id) ?? new Block(id, []);
    }

    private void Write(Block block, Lease[] added, Lease[] removed) =>
        Assert.Equal(CommitStatus.Committed, content.Commit([new BlockChange(block, added, [.. removed.Select(static lease => new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, "other")))])])[0].Status);
}
