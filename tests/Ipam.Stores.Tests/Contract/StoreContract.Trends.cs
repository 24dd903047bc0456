namespace Ipam.Stores.Tests.Contract;

/// <summary>What is kept of how pools were used.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task The_text_of_a_pool_is_kept_as_it_was_put_last_until_it_is_removed()
    {
        Assert.Empty(await Store.Trends.ListAsync(default));
        await Store.Trends.RemoveAsync("blue", default);

        var longest = string.Concat(Enumerable.Repeat("aB3+/9==", 8 * 1024));
        await Store.Trends.PutAsync("blue", "first", default);
        await Store.Trends.PutAsync("a.pool-2", longest, default);
        await Store.Trends.PutAsync("blue", "AQ==", default);
        Assert.Equal(
            new Dictionary<string, string> { ["a.pool-2"] = longest, ["blue"] = "AQ==" },
            (await Store.Trends.ListAsync(default)).ToDictionary());

        await Store.Trends.RemoveAsync("a.pool-2", default);
        Assert.Equal("blue", Assert.Single(await Store.Trends.ListAsync(default)).Key);
    }
}
