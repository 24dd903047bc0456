using EndToEnd.Support;
using EndToEnd.Support.Stores;
using Xunit.Abstractions;

namespace EndToEnd.Sticky;

/// <summary>Owners keep their addresses on each store, whoever is killed when.</summary>
public sealed class KilledTests(ITestOutputHelper output) : WholeMachineTests
{
    private const int Owners = 8;
    private const int Rounds = 2;

    private static readonly NetworkConfig Network = new("stay")
    {
        Space = null,
        Wait = 15,
        Ipam = """ "ranges": [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "fd00:1::/64" }]], "sticky": true """,
    };

    private readonly Random _random = new(Environment.TickCount);

    [Theory]
    [StoreData("sqlite")]
    [StoreData("redis")]
    [StoreData("kubernetes")]
    public async Task From_node_to_node_with_kills_in_between_each_owner_has_its_addresses_and_nobody_anything_else(string kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        using Site a = new(store: server.Url()), b = new(store: server.Url());
        var nodes = new Dictionary<Site, Ipamd> { [a] = await Ipamd.StartAsync(a, "--node", "a"), [b] = await Ipamd.StartAsync(b, "--node", "b") };
        var told = new Dictionary<int, string>();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var site = round % 2 == 0 ? a : b;
                var answers = await KilledWhileAsync(nodes, site, owner => Add(site, owner, round));
                for (var owner = 0; owner < Owners; owner++)
                    Assert.Equal(told.TryAdd(owner, answers[owner]) ? answers[owner] : told[owner], answers[owner]);
                Assert.Equal(Owners, told.Values.Distinct().Count());
                await KilledWhileAsync(nodes, site, owner => site.Del(Network, $"c{owner}-{round}").EnsureSuccess());
                await Wait.UntilAsync(() => site.IsSpoolEmpty, "the spooled releases");
            }

            Assert.Equal(told.Values.SelectMany(static addresses => addresses.Split(' ')).Order(StringComparer.Ordinal), Kept(a).Order(StringComparer.Ordinal));
            Assert.Empty(Ipamctl.Addresses(a, Network));
            Assert.NotEqual(told[0], string.Join(' ', b.Add(Network, "another").Addresses));
            var released = Ipamctl.TryRun(a, "lease", "release", "--network", "sticky:stay", "--yes");
            Assert.True(released.ExitCode == 0, released.ToString());
            Assert.Empty(Kept(a));
        }
        finally
        {
            foreach (var ipamd in nodes.Values)
                await ipamd.DisposeAsync();
        }
    }

    /// <summary>Calls for each owner at once, and kills the ipamd that serves them in the midst.</summary>
    private async Task<T[]> KilledWhileAsync<T>(Dictionary<Site, Ipamd> nodes, Site site, Func<int, T> call)
    {
        var calls = Enumerable.Range(0, Owners).Select(owner => Task.Run(() => call(owner))).ToArray();
        var pause = _random.Next(0, 80);
        output.WriteLine($"killed after {pause} ms");
        await Task.Delay(pause);
        await nodes[site].KillAsync();
        await nodes[site].DisposeAsync();
        nodes[site] = await Ipamd.StartAsync(site, "--node", nodes.Keys.First() == site ? "a" : "b");
        return await Task.WhenAll(calls);
    }

    /// <summary>As a runtime does it that tries again.</summary>
    private static string Add(Site site, int owner, int round)
    {
        CniOutcome? last = null;
        Wait.Until(() => (last = site.Add(Network, $"c{owner}-{round}", $"IPAM_STICKY=owner-{owner}")) is { Succeeded: true } or { Error.Code: not 11 }, "an answer");
        return string.Join(' ', last!.EnsureSuccess().Addresses);
    }

    private static string[] Kept(Site site) =>
        Ipamctl.TryRun(site, "lease", "list", "--state", "kept", "-o", "name").Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
