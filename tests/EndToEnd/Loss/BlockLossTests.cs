using EndToEnd.Support;

namespace EndToEnd.Loss;

/// <summary>Blocks that somebody deletes from the store, under containers that live on.</summary>
public sealed class BlockLossTests : IDisposable
{
    private static readonly NetworkConfig Network = new("block") { Ipam = """ "ranges": [[{ "subnet": "10.64.0.0/26" }]], "order": "lowest" """ };

    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [RequiresTheory("sqlite3")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_live_address_is_handed_out_again_when_its_block_is_deleted(bool whileItRuns)
    {
        var ipamd = await Ipamd.StartAsync(_site);
        try
        {
            var live = Enumerable.Range(0, 20).Select(i => _site.Add(Network, $"live{i}").Address).ToList();
            if (whileItRuns)
            {
                DeleteBlocks();
            }
            else
            {
                await ipamd.StopAsync();
                DeleteBlocks();
                await ipamd.DisposeAsync();
                ipamd = Ipamd.Launch(_site);
            }
            await ipamd.Log.WaitForAsync("with leases of this node in it, is gone from the store");
            await ipamd.Log.WaitForAsync("addresses are handed out again");

            live.AddRange(Enumerable.Range(0, 20).Select(i => _site.Add(Network, $"new{i}").EnsureSuccess().Address));
            Assert.Equal(live[0], _site.Add(Network, "live0").Address);
            Assert.Equal(40, live.Distinct().Count());
            Assert.Equal(live.Order(StringComparer.Ordinal), Ipamctl.Addresses(_site, Network).Order(StringComparer.Ordinal));
        }
        finally
        {
            await ipamd.DisposeAsync();
        }
    }

    private void DeleteBlocks() => Command.Run("sqlite3", "-cmd", ".timeout 5000", _site.Database, "delete from leases; delete from blocks;");
}
