using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task The_identity_stays_and_the_revision_grows()
    {
        var first = await Store.Past.ReadAsync(default);
        Assert.Equal(32, first.Identity.Length);
        Store.Past.Expect(first);
        await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var second = await Store.Past.ReadAsync(default);
        Assert.True(first.IsKeptBy(second), $"{first} {second}");
        Assert.True(second.Revision > first.Revision, $"{first} {second}");
        var others = await (await AnotherClientAsync()).Past.ReadAsync(default);
        Assert.Equal(second.Identity, others.Identity);
    }

    [Fact]
    public async Task A_commit_into_a_past_that_was_renewed_is_a_loss_and_writes_nothing()
    {
        var past = await Store.Past.ReadAsync(default);
        Store.Past.Expect(past);
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));

        var other = await AnotherClientAsync();
        await other.Past.RenewAsync(past.Identity, default);
        await other.Past.RenewAsync(past.Identity, default);
        var renewed = await other.Past.ReadAsync(default);
        Assert.NotEqual(past.Identity, renewed.Identity);

        var fault = await Assert.ThrowsAsync<StoreException>(() => CommitAsync(Change.Give(Some.NoBlock("10.0.1.0"), Some.Lease("10.0.1.1"))));
        Assert.True(fault.IsLoss, fault.Message);

        Store.Past.Expect(await Store.Past.ReadAsync(default));
        await MustCommitAsync(Change.Give(block, Some.Lease("10.0.0.2")));
    }

    [Fact]
    public async Task Nothing_is_handed_out_in_a_past_that_was_renewed_while_one_was_away()
    {
        var past = await Store.Past.ReadAsync(default);
        Store.Past.Expect(past);
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var other = (await AnotherClientAsync()).Past;
        await other.RenewAsync(past.Identity, default);
        Assert.False(past.IsKeptBy(await other.ReadAsync(default)));
        await Task.Delay(600);

        // The block has the version that is known.
        var fault = await Assert.ThrowsAsync<StoreException>(() => CommitAsync(Change.Give(block, Some.Lease("10.0.0.2"))));
        Assert.True(fault.IsLoss, fault.Message);
    }

    [Fact]
    public async Task An_admin_accepts_the_past_that_is_and_no_other()
    {
        var past = await Store.Past.ReadAsync(default);
        Assert.True(await Store.Past.AcceptAsync(past.Identity, default));
        Assert.True((await Store.Past.ReadAsync(default)).IsAccepted);
        Assert.False(await Store.Past.AcceptAsync(StorePast.NewIdentity(), default));
        await Store.Past.RenewAsync(past.Identity, default);
        Assert.False((await Store.Past.ReadAsync(default)).IsAccepted);
    }

    [Fact]
    public async Task The_entry_of_a_node_is_written_by_the_run_that_it_is_of_alone()
    {
        var nodes = Store.Nodes;
        var entry = new NodeEntry("node %1/ä", "instance", "run 1/ä", "host name", "identity", 0);
        Assert.Null(await nodes.FindAsync(entry.Node, default));
        Assert.False(await nodes.PutAsync(entry, "run 0/ä", default));
        Assert.True(await nodes.PutAsync(entry, null, default));
        Assert.False(await nodes.PutAsync(entry, null, default));
        Assert.Equal(entry, await nodes.FindAsync(entry.Node, default));
        var renewed = entry with { Renewals = 1, Identity = "", Step = RecoveryStep.Contested };
        Assert.True(await nodes.PutAsync(renewed, "run 1/ä", default));
        var others = (await AnotherClientAsync()).Nodes;
        Assert.Equal(renewed, Assert.Single(await others.ListAsync(default)));
        var taken = renewed with { Run = "run 2/ä", Instance = "other" };
        Assert.True(await others.PutAsync(taken, "run 1/ä", default));
        Assert.False(await nodes.PutAsync(renewed with { Renewals = 2 }, "run 1/ä", default));
        await nodes.RemoveAsync(renewed, default);
        Assert.Equal(taken, await nodes.FindAsync(entry.Node, default));
        await others.RemoveAsync(taken, default);
        Assert.Null(await nodes.FindAsync(entry.Node, default));
        Assert.All(await nodes.ListAsync(default), static left => Assert.True(left.HasStopped));
        Assert.True(await nodes.PutAsync(entry, null, default));
    }

    [Fact]
    public async Task The_entry_of_a_node_is_forgotten_only_as_it_was_last_seen()
    {
        var nodes = Store.Nodes;
        var entry = new NodeEntry("node %1/ä", "instance", "run 1/ä", "host name", "identity", 0);
        Assert.False(await nodes.ForgetAsync(entry, default));
        Assert.True(await nodes.PutAsync(entry, null, default));
        var renewed = entry with { Renewals = 1 };
        Assert.True(await nodes.PutAsync(renewed, "run 1/ä", default));
        var others = (await AnotherClientAsync()).Nodes;
        foreach (var other in (NodeEntry[])[entry, renewed with { Host = "" }, renewed with { Step = RecoveryStep.Asserted }, renewed with { Run = "" }, renewed with { Node = "other" }])
            Assert.False(await others.ForgetAsync(other, default), $"{other}");
        Assert.Equal(renewed, await nodes.FindAsync(entry.Node, default));

        Assert.True(await others.ForgetAsync(Assert.Single(await others.ListAsync(default)), default));
        Assert.False(await others.ForgetAsync(renewed, default));
        Assert.Null(await nodes.FindAsync(entry.Node, default));
        Assert.Empty(await nodes.ListAsync(default));
        // Nor does the run bring it back by renewing it, but as if it were new.
        Assert.False(await nodes.PutAsync(renewed with { Renewals = 2 }, "run 1/ä", default));
        Assert.True(await nodes.PutAsync(entry, null, default));
    }
}
