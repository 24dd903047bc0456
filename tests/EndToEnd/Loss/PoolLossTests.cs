using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Loss;

/// <summary>A store that loses its pools with everything else, under containers that live on.</summary>
public sealed class PoolLossTests
{
    private static readonly NetworkConfig Network = new("pooled") { Space = null, Ipam = """ "pools": ["blue"] """ };

    [Theory]
    [StoreData("redis")]
    [StoreData("kubernetes")]
    public async Task An_ADD_after_the_loss_is_to_be_tried_again_and_not_told_that_its_pool_never_was(string kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        using var site = new Site(store: server.Url());
        await using var ipamd = await Ipamd.StartAsync(site);
        CreatePool(site);
        var live = Enumerable.Range(0, 10).Select(i => site.Add(Network, $"live{i}").EnsureSuccess().Address).ToList();
        // A pool that nobody made is the configuration's fault, before and after.
        var misspelt = Network with { Ipam = """ "pools": ["bleu"] """ };
        site.Add(misspelt).EnsureError(7);

        await server.EmptyAsync();
        // What was read of the catalog a moment ago no longer serves.
        await Task.Delay(TimeSpan.FromSeconds(0.3));

        Assert.Contains("lost data that it had confirmed", site.Add(Network, "first").EnsureError(11).Message, StringComparison.Ordinal);
        site.Check(Network, "live0").EnsureError(11);
        await ipamd.Log.WaitForAsync("addresses are handed out again");
        Assert.Contains("there is no pool \"blue\"", site.Add(Network, "first").EnsureError(7).Message, StringComparison.Ordinal);
        site.Add(misspelt).EnsureError(7);
        CreatePool(site);
        live.AddRange(Enumerable.Range(0, 10).Select(i => site.Add(Network, $"new{i}").EnsureSuccess().Address));
        Assert.Equal(20, live.Distinct().Count());
        Assert.Equal(live[0], site.Add(Network, "live0").Address);
    }

    [StoreFact("redis")]
    public async Task An_ADD_after_a_loss_that_was_noticed_at_the_start_is_to_be_tried_again_too()
    {
        await using var server = await StoreServer.StartAsync("redis");
        using var site = new Site(store: server.Url());
        await using (var first = await Ipamd.StartAsync(site))
        {
            CreatePool(site);
            site.Add(Network, "live").EnsureSuccess();
            await first.KillAsync();
        }
        await server.EmptyAsync();

        await using var ipamd = Ipamd.Launch(site);
        await ipamd.Log.WaitForAsync("no address is handed out or released");
        site.Add(Network, "new").EnsureError(11);
    }

    private static void CreatePool(Site site) => Assert.Equal(0, Ipamctl.TryRun(site, "pool", "create", "blue", "--range", "10.61.0.0/24").ExitCode);
}
