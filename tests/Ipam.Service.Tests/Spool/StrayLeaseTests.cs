using System.Text;
using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Imports;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Spool;

/// <summary>Leases that were handed out under another node's name, on a store without an index of owners.</summary>
public sealed class StrayLeaseTests : IDisposable
{
    private const string Ipam = """
        "ranges": [[{ "subnet": "10.8.0.0/24" }], [{ "subnet": "fd00:8::/64" }]], "affinity": "node"
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_DEL_finds_by_its_result_what_another_node_handed_out()
    {
        var result = await AddElsewhereAsync("c1");
        await using var here = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "here");

        (await here.Client.CallAsync("del", NetworkJson.Text(Ipam, $"\"prevResult\": {result}"), "c1")).EnsureOk();

        Assert.Empty(await here.LeasesOf("c1"));
    }

    [Fact]
    public async Task A_DEL_spares_another_owners_lease_at_the_addresses_of_its_result()
    {
        var result = await AddElsewhereAsync("c1");
        await using var here = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "here");

        (await here.Client.CallAsync("del", NetworkJson.Text(Ipam, $"\"prevResult\": {result}"), "c2")).EnsureOk();

        Assert.Equal(2, (await here.LeasesOf("c1")).Count);
    }

    [Theory]
    [InlineData("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=uid-1", 0)]
    [InlineData("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0", 0)]
    [InlineData("K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=uid-2", 1)]
    [InlineData("", 1)]
    public async Task A_DEL_ends_what_was_imported_for_its_pod_and_no_other(string args, int left)
    {
        await using var here = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "here");
        var lease = new Lease
        {
            Space = "default",
            Address = Address.Parse("10.8.0.77"),
            Owner = ImportedOwner.Of("running", "pod:uid-1", "eth0"),
            Entry = 0,
            Sequence = 1,
            Node = "here",
            Pod = new PodReference("shop", "web-0", "uid-1"),
            NetworkNamespace = ImportedOwner.Mark("running"),
            AcquiredAt = DateTimeOffset.UnixEpoch,
        };
        await here.Store.CommitAsync([new BlockChange(new Block(BlockId.Of("default", lease.Address), [lease]), [lease], [])], default);

        (await here.Client.CallAsync(
            "del", NetworkJson.Text(Ipam, "\"prevResult\": { \"cniVersion\": \"1.0.0\", \"ips\": [{ \"address\": \"10.8.0.77/24\" }] }"), "sandbox", ("CNI_ARGS", args))).EnsureOk();

        Assert.Equal(left, (await here.Store.FindLeasesAsync(lease.Owner, "here", default)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""
        "prevResult": "of another age"
        """)]
    public async Task A_spooled_DEL_looks_through_all_blocks_of_its_ranges_before_it_is_forgotten(string more)
    {
        await AddElsewhereAsync("c1");
        await using var here = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "here");

        Spool(here, NetworkJson.Text(Ipam, more));
        await Wait.UntilAsync(() => here.Spooled.Length == 0);

        Assert.Empty(await here.LeasesOf("c1"));
    }

    [Theory]
    [InlineData("""
        "pools": ["deleted-since"]
        """)]
    [InlineData("""
        "subnet": "no longer one"
        """)]
    public async Task If_its_ranges_can_no_longer_be_told_it_looks_through_all_blocks(string ipam)
    {
        await AddElsewhereAsync("c1");
        await using var here = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "here");

        Spool(here, NetworkJson.Text(ipam));
        await Wait.UntilAsync(() => here.Spooled.Length == 0);

        Assert.Empty(await here.LeasesOf("c1"));
    }

    [Fact]
    public async Task An_ADD_after_a_spooled_DEL_that_is_about_another_nodes_lease_keeps_what_it_gets()
    {
        await AddElsewhereAsync("c1");
        await using var here = await TestDaemon.StartAsync(static options => options with { Node = "here" }, static store => store.HasOwnerIndex = false, _folder.Combine("ipam.db"));
        await here.WhenReady;
        Spool(here, NetworkJson.Text(Ipam));

        var addresses = (await here.Client.CallAsync("add", NetworkJson.Text(Ipam), "c1")).Addresses;

        Assert.Empty(here.Spooled);
        Assert.Equal(addresses, string.Join(' ', (await here.LeasesOf("c1")).Select(static lease => $"{lease.Address}/{(lease.Address.Bits == 32 ? 24 : 64)}")));
    }

    /// <summary>The result of an ADD on a node of another name, which then stops.</summary>
    private async Task<string> AddElsewhereAsync(string container)
    {
        await using var there = await TestDaemon.StartAsync(_folder.Combine("ipam.db"), "there");
        // Else the block at the front would be nobody's.
        (await there.Client.CallAsync("add", NetworkJson.Text(Ipam), "another")).EnsureOk();
        return (await there.Client.CallAsync("add", NetworkJson.Text(Ipam), container)).EnsureOk().Body;
    }

    private static void Spool(TestDaemon daemon, string network) => new SpoolFolder(daemon.Options.Spool).Write(new SpooledRequest(
        "net", new CniEnvironment { Command = CniCommand.Del, ContainerId = "c1", IfName = "eth0" }, Encoding.UTF8.GetBytes(network), DateTimeOffset.UtcNow));
}
