using Ipam.Cli.Tests.Support;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests.Transfer;

/// <summary>What goes from store to store comes back as it was.</summary>
[NeedsControlPlane]
public sealed class TransferOnServersTests(ControlPlane plane) : CommandTest, IClassFixture<ControlPlane>
{
    [RequiresFact("redis-server")]
    public async Task From_SQLite_to_Redis_to_Kubernetes_to_SQLite_every_byte_stays()
    {
        using var server = await RedisServer.StartNewAsync();
        using var folder = new TempFolder();
        string[] urls =
        [
            $"sqlite:{folder.Combine("first.db")}", $"redis://127.0.0.1:{server.Port}/0", $"kubernetes:{plane.Kubeconfig()}", $"sqlite:{folder.Combine("last.db")}",
        ];
        foreach (var url in urls)
        {
            await using var store = StoreFactory.Create(url, TimeProvider.System);
            await store.OpenAsync(default);
            if (url == urls[0])
                await Content.FillAsync(store, leases: 500);
        }
        Assert.Equal(0, (await RunPlainAsync("lease", "add", "10.9.0.1", "--name", "printer", "--outside-pools", "--store", urls[0])).ExitCode);
        urls[2] = await Importer.UrlAsync(plane);

        var exports = new List<string> { (await RunPlainAsync("export", "--store", urls[0])).Output };
        foreach (var url in urls[1..])
        {
            Input = exports[^1];
            var outcome = await RunPlainAsync("restore", "-", "--store", url);
            Assert.Equal(new CliOutcome(0, "restored pools: 1, reservations: 1, blocks: 11, leases: 502, cooldowns: 9\n", ""), outcome);
            exports.Add((await RunPlainAsync("export", "--store", url)).Output);
        }

        var bodies = exports.ConvertAll(static export => export[export.IndexOf('\n', StringComparison.Ordinal)..]);
        Assert.Equal(503, bodies[0].Split("\"kind\":\"lease\"").Length);
        Assert.All(bodies, body => Assert.Equal(bodies[0], body));
    }
}
