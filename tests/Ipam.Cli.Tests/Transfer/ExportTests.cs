using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Transfer;

public sealed class ExportTests : CatalogTest
{
    [Fact]
    public async Task Everything_is_a_line()
    {
        await using (var store = await StoreContent.OpenAsync(DatabaseFile))
        {
            await Content.FillAsync(store, leases: 2);
            var identity = (await store.Past.ReadAsync(default)).Identity;
            var outcome = await RunAsync("export");

            Assert.Equal((0, "ipamctl: exported pools: 1, reservations: 1, blocks: 2, leases: 3, cooldowns: 1\n"), (outcome.ExitCode, outcome.Error));
            Assert.Equal(
                $$$"""
                {"kind":"ipam-export","format":1,"version":"0.1.0","store":"{{{store.Description}}}","identity":"{{{identity}}}","time":"2026-03-04T12:05:00Z"}
                {"kind":"pool","name":"blue","pool":{"space":"default","ranges":[{"subnet":"10.0.0.0/16","rangeStart":null,"rangeEnd":null,"gateway":null,"exclude":[],"skipEdges":false,"allowOutside":false}],"routes":[],"order":"next","affinity":null,"strict":false,"cooldownSeconds":60,"reuseResting":false,"sticky":false,"nodeSelector":{"nodes":[],"labels":{"a":"1","b":"2"}},"namespaces":[],"namespaceSelector":{"labels":{}},"podSelector":{"labels":{"c":"3","d":"4"}},"networks":[],"quotas":{"*":7,"shop":9},"disabled":false}}
                {"kind":"reservation","name":"dns","reservation":{"space":"default","addresses":["10.0.0.53"],"reason":"the resolver","onRequest":false}}
                {"kind":"block","space":"default","prefix":"10.0.0.0/26","node":"node-a","lastSequence":1772625600000002,"lastOffset":9}
                {"kind":"lease","space":"default","address":"10.0.0.1","network":"pods","containerId":"c0","interface":"eth0","entry":0,"podNamespace":"shop","podName":"web-0","podUid":"uid-of-web-0","node":"node-a","netns":"/run/netns/a/net:[4026532281]@1f2e3d4c.9a8b7c6d","sequence":1772625600000001,"acquiredAt":"2026-03-04T12:00:00.1234567Z","cooldownSeconds":60}
                {"kind":"lease","space":"default","address":"10.0.0.2","network":"pods","containerId":"c1","interface":"eth0","entry":0,"podNamespace":null,"podName":null,"podUid":null,"node":"node-b","netns":"","sequence":1772625600000002,"acquiredAt":"2026-03-04T12:00:00Z","cooldownSeconds":0}
                {"kind":"cooldown","space":"default","address":"10.0.0.63","until":"2026-03-04T13:00:00.125Z"}
                {"kind":"block","space":"vrf-b","prefix":"fd00::40/122","node":null,"lastSequence":0,"lastOffset":-1}
                {"kind":"lease","space":"vrf-b","address":"fd00::41","network":"pods","containerId":"v6","interface":"net1","entry":1,"podNamespace":null,"podName":null,"podUid":null,"node":"node-a","netns":"","sequence":7,"acquiredAt":"2026-03-04T12:00:00Z","cooldownSeconds":0}
                {"kind":"end","pools":1,"reservations":1,"blocks":2,"leases":3,"cooldowns":1,"damaged":0}

                """, outcome.Output);
        }
    }

    [Fact]
    public async Task An_empty_store_has_a_first_and_a_last_line()
    {
        var output = (await RunAsync("export")).Output;

        Assert.Equal(2, output.Count(static c => c == '\n'));
        Assert.EndsWith("""{"kind":"end","pools":0,"reservations":0,"blocks":0,"leases":0,"cooldowns":0,"damaged":0}""" + "\n", output, StringComparison.Ordinal);
    }
}
