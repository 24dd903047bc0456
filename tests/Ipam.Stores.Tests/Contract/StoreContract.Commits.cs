using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Compare-and-swap of blocks.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task A_commit_of_nothing_returns_nothing() => Assert.Empty(await CommitAsync());

    [Fact]
    public async Task A_new_block_is_read_back_as_it_was_written()
    {
        var block = await MustCommitAsync(Change.Give(
            Some.NoBlock() with { Node = "node-a" }, Some.Lease("10.0.0.7"), Some.Lease("10.0.0.63"), Some.Lease("10.0.0.0")));

        Assert.True(block.Version > 0);
        Assert.Equal(block, await ReadAsync(block.Id));
    }

    [Fact]
    public async Task A_block_that_nobody_owns_and_nobody_holds_an_address_of_is_a_block_all_the_same()
    {
        var block = await MustCommitAsync(Change.Give(Some.NoBlock()));

        Assert.Equal(block, await ReadAsync(block.Id));
    }

    [Fact]
    public async Task Every_field_of_a_lease_comes_back_also_where_it_is_empty_or_missing()
    {
        var full = Some.Lease("10.0.0.1");
        var bare = Some.Lease("10.0.0.2") with { Pod = null, NetworkNamespace = "", Node = "", Entry = int.MaxValue };
        var noUid = Some.Lease("10.0.0.3") with { Pod = new PodReference("", "", "") };
        var extreme = Some.Lease("10.0.0.4") with { Sequence = (1L << 53) - 1, AcquiredAt = DateTimeOffset.MaxValue };
        var early = Some.Lease("10.0.0.5") with { Sequence = 1, AcquiredAt = DateTimeOffset.MinValue };
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), full, bare, noUid, extreme, early));

        Assert.Equal([full, bare, noUid, extreme, early], (await ReadAsync(block.Id))!.Leases);
    }

    [Theory]
    [InlineData("/run/netns/cni-6ba7b810-9dad-11d1-80b4-00c04fd430c8")]
    [InlineData("/run/netns/a b%20c%")]
    [InlineData("/proc/4711/ns/net")]
    [InlineData("")]
    [InlineData("/run/netns/x/net:[4026532281]@1f2e3d4c")]
    [InlineData("/run/netns/x/net:[4026532281]@1f2e3d4c.9a8b7c6d")]
    [InlineData("net:[1]@")]
    public async Task A_lease_keeps_which_namespace_it_is_for_whatever_its_path_looks_like(string path)
    {
        var seen = Some.Lease("10.0.0.1") with { NetworkNamespace = path, NamespaceIdentity = new(0x1f2e3d4c, 4026532281, 0x9a8b7c6d) };
        var unseen = Some.Lease("10.0.0.2") with { NetworkNamespace = path, NamespaceIdentity = new(1, uint.MaxValue, 0) };
        var unknown = Some.Lease("10.0.0.3") with { NetworkNamespace = path };
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), seen, unseen, unknown));

        Assert.Equal([seen, unseen, unknown], (await ReadAsync(block.Id))!.Leases);
        Assert.Equal([seen], await FindAsync(seen.Owner));
    }

    [Fact]
    public async Task A_change_from_the_current_version_is_committed_under_another_version()
    {
        var first = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var second = await MustCommitAsync(Change.Give(first with { Node = "node-b" }, Some.Lease("10.0.0.2")));

        Assert.NotEqual(first.Version, second.Version);
        Assert.Equal(second, await ReadAsync(first.Id));
    }

    [Fact]
    public async Task A_released_address_is_free_and_can_be_given_to_another_owner()
    {
        var lease = Some.Lease("10.0.0.1");
        var held = await MustCommitAsync(Change.Give(Some.NoBlock(), lease, Some.Lease("10.0.0.2")));
        var released = await MustCommitAsync(Change.Release(held, lease));
        Assert.Equal(released, await ReadAsync(held.Id));

        var again = await MustCommitAsync(Change.Give(released, Some.Lease("10.0.0.1")));
        Assert.Equal(again, await ReadAsync(held.Id));
    }

    [Fact]
    public async Task One_change_can_take_an_address_from_one_owner_and_give_it_to_another()
    {
        var old = Some.Lease("10.0.0.1");
        var held = await MustCommitAsync(Change.Give(Some.NoBlock(), old));
        var next = Some.Lease("10.0.0.1");

        var changed = await MustCommitAsync(Change.Of(held, [next], [old]));

        Assert.Equal(changed, await ReadAsync(held.Id));
        Assert.Empty(await FindAsync(old.Owner));
        Assert.Equal([next], await FindAsync(next.Owner));
    }

    [Fact]
    public async Task One_change_can_renew_a_lease_of_the_same_owner_and_address()
    {
        var old = Some.Lease("10.0.0.1");
        var held = await MustCommitAsync(Change.Give(Some.NoBlock(), old));
        var next = Some.Lease("10.0.0.1", old.Owner);

        await MustCommitAsync(Change.Of(held, [next], [old]));

        Assert.Equal([next], await FindAsync(old.Owner));
    }

    [Fact]
    public async Task A_deleted_block_is_gone_with_its_leases()
    {
        var lease = Some.Lease("10.0.0.1");
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), lease));

        var deleted = await MustCommitAsync(Change.Delete(block));

        Assert.Equal(0, deleted.Version);
        Assert.Null(await ReadAsync(block.Id));
        Assert.Empty(await FindAsync(lease.Owner));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_block_never_has_a_version_again_that_it_had_before_it_was_deleted()
    {
        var seen = new HashSet<long>();
        for (var round = 0; round < 5; round++)
        {
            var block = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
            Assert.True(seen.Add(block.Version));
            block = await MustCommitAsync(Change.Give(block, Some.Lease("10.0.0.2")));
            Assert.True(seen.Add(block.Version));
            await MustCommitAsync(Change.Delete(block));
        }
    }

    [Fact]
    public async Task Two_blocks_are_committed_by_one_call()
    {
        var v4 = Change.Give(Some.NoBlock("10.0.0.0"), Some.Lease("10.0.0.1"));
        var v6 = Change.Give(Some.NoBlock("fd00::"), Some.Lease("fd00::1"));

        var results = await CommitAsync(v4, v6);

        Assert.All(results, result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Equal(
            [v4.Block with { Version = results[0].Version }, v6.Block with { Version = results[1].Version }], await ListAsync());
    }

    [Fact]
    public async Task A_full_block_is_written_and_emptied_at_once()
    {
        var leases = Enumerable.Range(0, BlockId.Size).Select(offset => Some.Lease(Some.NoBlock("fd00::40").Id.AddressAt(offset))).ToArray();
        var full = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::40"), leases));
        Assert.Equal(ulong.MaxValue, (await ReadAsync(full.Id))!.Held);

        var empty = await MustCommitAsync(Change.Release(full, leases));
        Assert.Equal(empty, await ReadAsync(full.Id));
    }
}
