using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Service.Hosting;
using Ipam.Service.Options;
using Ipam.Stores.Sqlite;
using Microsoft.Extensions.Logging;

namespace Ipam.Service.Tests.Support;

/// <summary>An ipamd in this process, on a folder of its own, over an SQLite file that can be broken.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Daemon _daemon;
    private Task _running = Task.CompletedTask;

    private TestDaemon(Func<ServiceOptions, ServiceOptions> change, Action<FaultyStore> prepare, string? database, TimeProvider? time)
    {
        Options = change(new ServiceOptions
        {
            Socket = _folder.Combine("run/ipamd.sock"),
            Spool = _folder.Combine("spool"),
            Node = "here",
            LogLevel = LogLevel.None,
        });
        Store = new FaultyStore(new SqliteStore(database ?? _folder.Combine("ipam.db")));
        prepare(Store);
        _daemon = new Daemon(Options, Store, time ?? TimeProvider.System);
        Client = new ServiceClient(Options.Socket);
    }

    public ServiceOptions Options { get; }

    public FaultyStore Store { get; }

    public ServiceClient Client { get; }

    /// <summary>Completes when the service has stopped.</summary>
    public Task Running => _running;

    public Task WhenReady => _daemon.WhenReady;

    /// <summary>The files that wait in the spool.</summary>
    public string[] Spooled => Directory.Exists(Options.Spool) ? Directory.GetFiles(Options.Spool, "*.json") : [];

    /// <summary>One that is ready.</summary>
    public static async Task<TestDaemon> StartAsync(TimeSpan? requestTimeout = null)
    {
        var daemon = await StartAsync(options => options with { RequestTimeout = requestTimeout ?? options.RequestTimeout }, static _ => { });
        await daemon.UntilReadyAsync();
        return daemon;
    }

    /// <summary>One that is ready, over a file of one's own.</summary>
    public static async Task<TestDaemon> StartAsync(string database)
    {
        var daemon = await StartAsync(static options => options, static _ => { }, database);
        await daemon.UntilReadyAsync();
        return daemon;
    }

    /// <summary>One that is ready, by a clock of one's own.</summary>
    public static async Task<TestDaemon> StartAsync(TimeProvider time)
    {
        var daemon = await StartAsync(static options => options, static _ => { }, time: time);
        await daemon.UntilReadyAsync();
        return daemon;
    }

    /// <summary>One that is ready: a node of that name, on a store without an index of owners that others use as well.</summary>
    public static async Task<TestDaemon> StartAsync(string database, string node)
    {
        var daemon = await StartAsync(options => options with { Node = node }, static store => store.HasOwnerIndex = false, database);
        await daemon.UntilReadyAsync();
        return daemon;
    }

    /// <summary>Makes a store that has a pool.</summary>
    public static async Task CreatePoolAsync(string database, Pool pool)
    {
        await using var store = new SqliteStore(database);
        await store.OpenAsync(default);
        Assert.True(await store.Pools.PutAsync(pool, default));
    }

    /// <summary>One that listens; <paramref name="prepare"/> may change or break its store first.</summary>
    public static async Task<TestDaemon> StartAsync(
        Func<ServiceOptions, ServiceOptions> change, Action<FaultyStore> prepare, string? database = null, TimeProvider? time = null)
    {
        var daemon = new TestDaemon(change, prepare, database, time);
        await daemon._daemon.StartAsync();
        daemon._running = daemon._daemon.RunAsync();
        return daemon;
    }

    /// <summary>All leases of a container's eth0 in the network <c>net</c>, as the store has them.</summary>
    public async Task<IReadOnlyList<Lease>> LeasesOf(string container) => await Store.FindLeasesAsync(new Owner("net", container, "eth0"), null, default);

    public void Stop() => _daemon.Stop();

    public async Task<PrometheusPage> MetricsAsync() => PrometheusPage.Parse((await Client.GetAsync("/metrics")).EnsureOk().Body);

    /// <summary>Fails with the service, should it stop instead.</summary>
    private async Task UntilReadyAsync() => await await Task.WhenAny(WhenReady, Running);

    public async ValueTask DisposeAsync()
    {
        Store.Mend();
        _daemon.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Client.Dispose();
        await _daemon.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>One ipamd for all tests of a class; each uses containers of its own.</summary>
public sealed class DaemonFixture : IAsyncLifetime
{
    internal TestDaemon Daemon { get; private set; } = null!;

    internal ServiceClient Client => Daemon.Client;

    public async Task InitializeAsync() => Daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await Daemon.DisposeAsync();
}
