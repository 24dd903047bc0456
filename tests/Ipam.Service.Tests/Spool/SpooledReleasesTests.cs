using System.Text;
using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;
using Ipam.Service.Health;
using Ipam.Service.Mirror;
using Ipam.Service.Pools;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Tests.Support;
using Ipam.Service.Verbs;
using Ipam.Stores.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipam.Service.Tests.Spool;

/// <summary>Releases that wait in a folder, written by the plugin or the service.</summary>
public sealed class SpooledReleasesTests : IAsyncLifetime, IDisposable
{
    private static readonly NetworkConfiguration Network = NetworkConfiguration.Parse(Encoding.UTF8.GetBytes(NetworkJson.Text("""
        "subnet": "10.1.0.0/24"
        """)));

    private readonly TempFolder _folder = new();
    private readonly FaultyStore _store;
    private readonly Allocator _allocator;
    private readonly RecentAdds _adds;
    private readonly MirrorFile _mirror;
    private readonly SpooledReleases _spooled;

    public SpooledReleasesTests()
    {
        _store = new FaultyStore(new SqliteStore(_folder.Combine("ipam.db")));
        _allocator = new Allocator(_store, new AllocatorOptions(), TimeProvider.System, new Random(1));
        _adds = new RecentAdds(TimeProvider.System);
        var catalogs = new PoolCatalogSource(_store, static () => null, new StoreHealth(TimeProvider.System), TimeSpan.FromSeconds(10), TimeProvider.System);
        var ranges = new RangeSetSource(catalogs, new PodLookup(null, TimeProvider.System), new NodeIdentity("here", new Dictionary<string, string>()), BlockAffinity.None);
        _mirror = new MirrorFile(_folder.Combine("mirror"), "here", NullLogger.Instance);
        _mirror.Load();
        _spooled = new SpooledReleases(
            new SpoolFolder(Spool), _allocator, new StrayLeases(_store, ranges, new FlatFiles([], TimeProvider.System)), _adds, _mirror, TimeProvider.System, NullLogger.Instance);
    }

    private string Spool => _folder.Combine("spool");

    private string[] Files => [.. Directory.GetFiles(Spool).Select(static path => Path.GetFileName(path)).Order()];

    public async Task InitializeAsync()
    {
        await _store.OpenAsync(default);
        await _allocator.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _allocator.DisposeAsync();
        await _store.DisposeAsync();
    }

    public void Dispose()
    {
        _mirror.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_a_folder_nothing_waits()
    {
        await _spooled.DrainAsync(default);
        await ReleaseBeforeAddAsync("a");

        Assert.Equal(0, _spooled.Count);
    }

    [Fact]
    public async Task Draining_carries_out_all_and_takes_them_away()
    {
        foreach (var container in (string[])["a", "b", "c"])
            await AddAsync(container);
        Write("a");
        Write("b");
        Write("never-added");
        Assert.Equal(3, _spooled.Count);

        await _spooled.DrainAsync(default);

        Assert.Equal(0, _spooled.Count);
        Assert.Empty(Files);
        Assert.Equal(["c"], await HoldersAsync());
    }

    [Fact]
    public async Task A_release_spares_what_an_ADD_got_that_began_after_it_was_asked_for()
    {
        await AddAsync("a");
        var askedAt = TimeProvider.System.GetTimestamp();
        await _allocator.ReleaseAsync(OwnerOf("a"), ReleaseCause.Del, null, default);
        await AddAsync("a");
        Write("a", askedAt);

        await _spooled.DrainAsync(default);

        Assert.Equal(["a"], await HoldersAsync());
        Assert.Equal(0, _spooled.Count);
    }

    [Fact]
    public async Task Before_an_ADD_its_owners_release_is_carried_out_and_no_other()
    {
        await AddAsync("a");
        await AddAsync("b");
        Write("a");
        Write("b");

        await ReleaseBeforeAddAsync("a");

        Assert.Equal(["b"], await HoldersAsync());
        Assert.Equal(["net~b~eth0.json"], Files);
    }

    [Fact]
    public async Task While_the_store_fails_everything_stays_where_it_is()
    {
        await AddAsync("a");
        Write("a");
        _store.Break("gone");

        await Assert.ThrowsAsync<StoreException>(() => _spooled.DrainAsync(default));
        await Assert.ThrowsAsync<StoreException>(() => ReleaseBeforeAddAsync("a"));
        Assert.Equal(1, _spooled.Count);

        _store.Mend();
        await _spooled.DrainAsync(default);
        Assert.Empty(await HoldersAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_set_aside_and_holds_up_neither_the_others_nor_its_owners_ADD()
    {
        await AddAsync("b");
        Write("b");
        await File.WriteAllTextAsync(Path.Combine(Spool, "net~a~eth0.json"), "half of a fi");

        await ReleaseBeforeAddAsync("a");
        await AddAsync("a");
        await _spooled.DrainAsync(default);

        Assert.Equal(["net~a~eth0.json.corrupt"], Files);
        Assert.Equal(["a"], await HoldersAsync());
    }

    [Fact]
    public async Task Something_that_is_no_file_at_all_holds_up_nobody()
    {
        await AddAsync("b");
        Write("b");
        File.CreateSymbolicLink(Path.Combine(Spool, "net~a~eth0.json"), Spool);

        await _spooled.DrainAsync(default);

        Assert.Empty(await HoldersAsync());
    }

    [Fact]
    public async Task Draining_and_adding_at_once_never_take_a_new_address_away()
    {
        for (var round = 0; round < 50; round++)
        {
            await AddAsync("a");
            Write("a");
            var draining = _spooled.DrainAsync(default);
            using (var add = Begin("a"))
            {
                await _spooled.ReleaseBeforeAddAsync(add, default);
                await AddAsync("a");
            }
            await draining;
            await _spooled.DrainAsync(default);

            Assert.Equal(["a"], await HoldersAsync());
            Assert.Equal(0, _spooled.Count);
        }
    }

    private static Owner OwnerOf(string container) => new(Network.Name, container, "eth0");

    private void Write(string container, long? askedAt = null) => _spooled.Write(
        new CniEnvironment { Command = CniCommand.Del, ContainerId = container, IfName = "eth0" }, Network, askedAt ?? TimeProvider.System.GetTimestamp());

    private RecentAdds.RunningAdd Begin(string container) => _adds.Begin(OwnerOf(container), TimeProvider.System.GetTimestamp());

    private async Task ReleaseBeforeAddAsync(string container)
    {
        using var add = Begin(container);
        await _spooled.ReleaseBeforeAddAsync(add, default);
    }

    private async Task AddAsync(string container)
    {
        var configuration = IpamConfigurationReader.Read(Network);
        using var add = Begin(container);
        var outcome = await _allocator.AllocateAsync(
            new AllocationRequest
            {
                Space = "default",
                Owner = OwnerOf(container),
                Entries = EntryBuilder.Build(configuration.RangeSets, []),
                Node = "here",
            },
            default);
        add.Succeeds(Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses);
    }

    private async Task<List<string>> HoldersAsync()
    {
        var holders = new List<string>();
        await foreach (var page in _store.ListBlocksAsync(BlockFilter.All, default))
            holders.AddRange(page.SelectMany(static block => block.Leases).Select(static lease => lease.Owner.ContainerId));
        return holders;
    }
}
