using Cni.Protocol;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Service.Metrics;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;
using Ipam.Service.Notices;
using Ipam.Service.Reconciliation;
using Ipam.Service.Releases;
using Ipam.Service.Tests.Support;
using Ipam.Stores.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipam.Service.Tests.Reconciliation;

/// <summary>Leases whose namespaces are real ones: those of the dead go, those of the living stay.</summary>
public sealed class NodeJudgeTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly AllocationEntry Entry = new([new AllocationRange(
        Prefix.Parse("10.1.0.0/16"), new AddressRange(Address.Parse("10.1.0.1"), Address.Parse("10.1.255.254")), null, [])]);

    private readonly TempFolder _folder = new();
    private readonly ContainerNamespaces _containers = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly MachineNamespaces _namespaces = new(MonotonicMoment.ThisBoot());
    private readonly ServiceMetrics _metrics = new();
    private readonly LogLines _log = new();
    private readonly FaultyStore _store;
    private readonly Allocator _allocator;
    private readonly RecentAdds _adds;
    private readonly MirrorFile _mirror;
    private NodeJudge _judge;

    public NodeJudgeTests()
    {
        _store = new FaultyStore(new SqliteStore(_folder.Combine("ipam.db")));
        _mirror = new MirrorFile(_folder.Combine("mirror"), "here", NullLogger.Instance);
        _mirror.Load();
        _allocator = new Allocator(_store, new AllocatorOptions { Node = "here" }, _time, new Random(1), mirror: _mirror);
        _adds = new RecentAdds(_time);
        _judge = Judge(Grace);
    }

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
        _containers.Dispose();
        _folder.Dispose();
    }

    [RootFact("unshare", "nsenter")]
    public async Task Who_is_gone_is_released_after_the_grace_period_and_who_lives_never_is()
    {
        var gone = await AddAsync("gone");
        var replaced = await AddAsync("replaced");
        var living = await AddAsync("living");
        await PassAsync(TimeSpan.Zero);
        Assert.Equal(0, await SampleAsync("ipamsuite_leaks"));

        _containers.Remove("gone");
        _containers.Create("replaced");
        await PassAsync(Interval);
        Assert.Equal(2, await SampleAsync("ipamsuite_leaks"));
        await PassAsync(Grace - TimeSpan.FromSeconds(1));
        Assert.Equal(["gone", "living", "replaced"], await HeldAsync());

        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["living"], await HeldAsync());
        Assert.Equal(0, await SampleAsync("ipamsuite_leaks"));
        Assert.Equal(2, await SampleAsync("ipamsuite_gc_released_total{reason=\"namespace\"}"));
        Assert.Contains(
            $"{gone.Address} in space default is released, its owner net/gone/eth0 (no pod) is gone and its DEL never came: sequence {gone.Sequence}: network namespaces: {_containers.PathOf("gone")} is missing, for at least 30 s",
            _log.Written);
        Assert.Contains(_log.Written, line => line.Contains($"and not net:[{replaced.NamespaceIdentity.Inode}]", StringComparison.Ordinal));

        for (var pass = 0; pass < 10; pass++)
            await PassAsync(Interval);
        Assert.Equal(living, Assert.Single(await LeasesAsync()));
    }

    [RootFact("unshare", "nsenter")]
    public async Task A_sandbox_that_was_gone_before_ipamd_looked_is_missed_where_others_were_seen()
    {
        var path = _containers.Create("killed");
        var mark = NamespaceMark.Of(path);
        _containers.Remove("killed");
        Assert.False(_namespaces.Identify(path, mark).WasSeen);

        await AddAsync("living");
        Assert.True(_namespaces.Identify(path, mark).WasSeen);
        Assert.False(_namespaces.Identify(_folder.Combine("other/folder"), mark).WasSeen);
    }

    [RootFact("unshare", "nsenter")]
    public async Task What_can_not_be_seen_is_kept_however_long()
    {
        await AddAsync("unmounted");
        await AddAsync("hidden");
        await AddAsync("unknown", identity: default(NamespaceIdentity));
        var unseen = (await AddAsync("seen")).NamespaceIdentity with { Folder = 0 };
        await AddAsync("unseen", identity: unseen);
        await AddAsync("elsewhere", node: "there");
        _containers.Unmount("unmounted");
        _containers.Remove("unknown");
        _containers.Remove("unseen");
        _containers.Remove("elsewhere");
        // Another folder lies over the one in which all this was seen.
        using (Mount.Small(_containers.Folder, kilobytes: 64))
        {
            for (var pass = 0; pass < 10; pass++)
                await PassAsync(Grace);
        }
        for (var pass = 0; pass < 10; pass++)
            await PassAsync(Grace);

        Assert.Equal(["elsewhere", "hidden", "seen", "unknown", "unmounted", "unseen"], await HeldAsync());
        Assert.Equal(0, await SampleAsync("ipamsuite_leaks"));
    }

    [RootFact("unshare", "nsenter")]
    public async Task A_namespace_whose_file_was_taken_away_lives_while_a_process_is_in_it()
    {
        await AddAsync("nameless");
        _containers.Enter("nameless");
        _containers.Remove("nameless");
        for (var pass = 0; pass < 10; pass++)
            await PassAsync(Grace);
        Assert.Equal(["nameless"], await HeldAsync());
        Assert.True(await SampleAsync("ipamsuite_gc_refused_total{reason=\"fresh_look\"}") > 1);

        _containers.Leave();
        await PassAsync(Grace);
        await PassAsync(Grace);
        Assert.Empty(await HeldAsync());
    }

    [RootFact("unshare", "nsenter")]
    public async Task After_a_boot_all_go_at_once_but_those_of_another_machine()
    {
        var now = (await AddAsync("of this boot")).NamespaceIdentity;
        await AddAsync("of the last boot", identity: now with { Boot = now.Boot + 1 });
        await AddAsync("of the last boot, unseen", identity: now with { Boot = now.Boot + 1, Folder = 0 });
        await AddAsync("elsewhere", node: "there", identity: now with { Boot = now.Boot + 1 });

        await PassAsync(TimeSpan.Zero);

        Assert.Equal(["elsewhere", "of this boot"], await HeldAsync());
        Assert.Equal(2, await SampleAsync("ipamsuite_gc_released_total{reason=\"reboot\"}"));
    }

    [RootFact("unshare", "nsenter")]
    public async Task An_owner_that_asks_again_keeps_its_address_although_its_former_namespace_is_gone()
    {
        var before = await AddAsync("again");
        _containers.Remove("again");
        await PassAsync(TimeSpan.Zero);
        var after = await AddAsync("again");
        Assert.Equal(before.Address, after.Address);

        await PassAsync(Grace);
        await PassAsync(Grace);
        Assert.Equal(after, Assert.Single(await LeasesAsync()));
    }

    [RootFact("unshare", "nsenter")]
    public async Task While_an_ADD_of_the_owner_runs_nothing_of_it_is_released()
    {
        await AddAsync("running");
        _containers.Remove("running");
        using (_adds.Begin(new Owner("net", "running", "eth0"), _time.GetTimestamp()))
        {
            await PassAsync(TimeSpan.Zero);
            await PassAsync(Grace);
            Assert.Equal(["running"], await HeldAsync());
        }
        await PassAsync(Grace);
        await PassAsync(Grace);
        Assert.Empty(await HeldAsync());
    }

    [RootFact("unshare", "nsenter")]
    public async Task A_store_that_is_away_is_waited_for()
    {
        await AddAsync("gone");
        _containers.Remove("gone");
        await PassAsync(TimeSpan.Zero);
        _store.Break("it is away");
        await PassAsync(Grace);
        Assert.Contains(_log.Written, static line => line.Contains("can't be released although its owner net/gone/eth0 is gone", StringComparison.Ordinal));
        Assert.Equal(1, await SampleAsync("ipamsuite_leaks"));

        _store.Mend();
        await PassAsync(Interval);
        Assert.Empty(await HeldAsync());
    }

    [RootFact("unshare", "nsenter")]
    public async Task Without_a_grace_period_leaks_are_counted_and_none_is_released()
    {
        _judge = Judge(TimeSpan.Zero);
        var identity = (await AddAsync("gone")).NamespaceIdentity;
        await AddAsync("rebooted", identity: identity with { Boot = identity.Boot + 1 });
        _containers.Remove("gone");
        for (var pass = 0; pass < 5; pass++)
            await PassAsync(Interval);

        Assert.Equal(["gone", "rebooted"], await HeldAsync());
        Assert.Equal(2, await SampleAsync("ipamsuite_leaks"));
        Assert.Single(_log.Written);
    }

    private NodeJudge Judge(TimeSpan grace) => new(_allocator, new NamespaceSource(_namespaces, _time), _mirror, _adds, grace, Postings(), _metrics, _time, _log);

    private ReleasePostings Postings() => new(_store, _store.Pools.ReadAsync, _time, _log);

    private async Task<Lease> AddAsync(string container, string node = "here", NamespaceIdentity? identity = null)
    {
        var path = _containers.Create(container);
        var outcome = await _allocator.AllocateAsync(
            new AllocationRequest
            {
                Space = "default",
                Owner = new Owner("net", container, "eth0"),
                Entries = [Entry],
                Node = node,
                NetworkNamespace = path,
                NamespaceIdentity = identity ?? _namespaces.Identify(path, NamespaceMark.Of(path)),
            },
            default);
        var lease = Assert.IsType<AllocationOutcome.Allocated>(outcome).Addresses[0].Lease;
        Assert.True(identity is not null || lease.NamespaceIdentity.WasSeen);
        return lease;
    }

    private async Task PassAsync(TimeSpan wait)
    {
        _time.Advance(wait);
        await _judge.TurnAsync(default);
    }

    private async Task<List<Lease>> LeasesAsync()
    {
        var leases = new List<Lease>();
        await foreach (var page in _store.ListBlocksAsync(BlockFilter.All, default))
            leases.AddRange(page.SelectMany(static block => block.Leases));
        return leases;
    }

    private async Task<string[]> HeldAsync() => [.. (await LeasesAsync()).Select(static lease => lease.Owner.ContainerId).Order(StringComparer.Ordinal)];

    private async Task<double> SampleAsync(string sample)
    {
        using var page = new MemoryStream();
        await _metrics.WriteAsync(page, Prometheus.ExpositionFormat.PrometheusText, new Levels(IsReady: true, IsStoreUp: true, Spooled: 0, default), default);
        return PrometheusPage.Parse(System.Text.Encoding.UTF8.GetString(page.ToArray()))[sample];
    }
}
