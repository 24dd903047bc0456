namespace Ipam.Stores.Tests.Contract;

/// <summary>One leader at a time, most of the time.</summary>
public abstract partial class StoreContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>Lets a leader's term pass.</summary>
    protected abstract Task PassAsync(TimeSpan term);

    [Fact]
    public async Task Who_leads_goes_on_leading_and_others_are_refused()
    {
        var other = await AnotherClientAsync();

        Assert.True(await Store.TryLeadAsync("gc", "a", Long, default));
        Assert.False(await other.TryLeadAsync("gc", "b", Long, default));
        Assert.True(await Store.TryLeadAsync("gc", "a", Long, default));
        Assert.True(await other.TryLeadAsync("gc", "a", Long, default));
        Assert.False(await Store.TryLeadAsync("gc", "A", Long, default));
    }

    [Fact]
    public async Task Each_role_has_a_leader_of_its_own_whatever_the_names()
    {
        Assert.True(await Store.TryLeadAsync("gc", "a", Long, default));
        Assert.True(await Store.TryLeadAsync("GC", "b", Long, default));
        Assert.True(await Store.TryLeadAsync("role {ü}/:*", "c d\n", Long, default));
        Assert.False(await Store.TryLeadAsync("role {ü}/:*", "c d", Long, default));
        Assert.True(await Store.TryLeadAsync("role {ü}/:*", "c d\n", Long, default));
    }

    [Fact]
    public async Task After_the_term_another_may_lead_and_the_former_leader_may_not()
    {
        var term = TimeSpan.FromSeconds(1);
        Assert.True(await Store.TryLeadAsync("gc", "a", term, default));
        await PassAsync(term);

        Assert.True(await Store.TryLeadAsync("gc", "b", Long, default));
        Assert.False(await Store.TryLeadAsync("gc", "a", term, default));
    }

    [Fact]
    public async Task Of_many_who_want_to_lead_one_does()
    {
        var clients = new[] { Store, await AnotherClientAsync() };

        var leads = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => clients[i % 2].TryLeadAsync("gc", $"{i}", Long, default))));

        Assert.Single(leads, true);
    }
}
