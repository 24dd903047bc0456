using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.History;
using Ipam.Service.Http;
using Ipam.Service.Metrics;
using Ipam.Service.Options;
using Ipam.Stores.Sqlite.History;

namespace Ipam.Service.Hosting;

/// <summary>The composition root: makes what an ipamd of its role needs, starts and stops it in order.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    /// <summary>With the web server's own limit, and those of the role and the store, these make less than what systemd grants (TimeoutStopSec=30).</summary>
    private static readonly TimeSpan HousekeepingPatience = TimeSpan.FromSeconds(2);

    private readonly ServiceOptions _options;
    private readonly InheritedSocket? _inherited;
    private readonly IIpamStore _store;
    private readonly IHost _host;
    private readonly IRole _role;
    private readonly Readiness _readiness = new();
    private readonly BackgroundWork _background;
    private readonly ILogger _log;
    private NodeHistory? _nodeHistory;
    private SocketGuard? _guard;

    /// <summary>A service that does nothing yet.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="store">Where addresses are kept; not yet open, and not disposed by the service.</param>
    /// <param name="time">The clock.</param>
    /// <param name="inherited">The socket to serve, if systemd listens on it already.</param>
    /// <exception cref="OptionException">The role has nothing to do on this store.</exception>
    public Daemon(ServiceOptions options, IIpamStore store, TimeProvider time, InheritedSocket? inherited = null)
    {
        _options = options;
        _inherited = inherited;
        _store = store;
        // The library's series take a while to be made: beside the web server, nobody waits for them.
        var series = Task.Run(static () => new ServiceMetrics());
        _host = Listener.Build(options, inherited);
        _log = _host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ipamd");
        _background = new BackgroundWork(_log);
        var around = new Surroundings(options, WithHistory(store, time), time, series.GetAwaiter().GetResult(), _readiness, new StoreHealth(time), _background, _log);
        _role = options.Role == ServiceRole.Controller ? new ControllerRole(around) : new NodeRole(around);
        (_host as WebApplication)?.Run(_role.ServeAsync);
    }

    /// <summary>Completes once the store is open and requests are served.</summary>
    public Task WhenReady => _readiness.WhenReady;

    private IHostApplicationLifetime Lifetime => _host.Services.GetRequiredService<IHostApplicationLifetime>();

    /// <summary>Listens. Throws <see cref="IOException"/> if the socket can't be had.</summary>
    public async Task StartAsync()
    {
        _guard = _options.Role == ServiceRole.Controller ? null : SocketGuard.Acquire(_options.Socket, isKept: _inherited is not null);
        try
        {
            await _host.StartAsync();
        }
        catch (OperationCanceledException) when (Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It was told to stop before it had begun.
            return;
        }
        if (_guard is null)
        {
            Log.Controls(_log, Version.Text, _options.Node, _store.Description);
            return;
        }
        _guard.Restrict();
        if (_guard.Mended is { } mended)
            Log.SocketFolderMended(_log, mended);
        Log.Serving(_log, Version.Text, _options.Socket, _options.Node, _store.Description);
    }

    /// <summary>Opens the store and serves until SIGTERM, SIGINT or <see cref="Stop"/>. Throws <see cref="StoreException"/> if it can't.</summary>
    public async Task RunAsync()
    {
        var stopping = Lifetime.ApplicationStopping;
        await using var closing = stopping.Register(_readiness.Close);
        var housekeeping = HousekeepAsync(stopping);
        var told = new TaskCompletionSource();
        await using (stopping.Register(told.SetResult))
            await Task.WhenAny(housekeeping, told.Task);
        if (await _background.LeaveAsync(housekeeping, HousekeepingPatience))
            await housekeeping;
        Log.Stopping(_log);
        await _host.StopAsync();
        var farewell = _role.CloseAsync();
        if (await _background.LeaveAsync(farewell, HousekeepingPatience))
            await farewell;
    }

    /// <summary>Makes <see cref="RunAsync"/> finish what is in flight and return.</summary>
    public void Stop() => Lifetime.StopApplication();

    /// <summary>Lets go of everything but the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _role.DisposeAsync();
        _guard?.Dispose();
        _nodeHistory?.Dispose();
    }

    /// <summary>The store; with a history of the node's own, if the store keeps none and there is a node.</summary>
    private IIpamStore WithHistory(IIpamStore store, TimeProvider time)
    {
        if (_options.ServeHistory is not null && store.NodeHistories is null)
            throw new OptionException($"serve-history is for a store whose nodes keep the history, and {store.Description} keeps it itself; leave it out");
        if (store.History is not null || _options.History.Keep is null || _options.Role == ServiceRole.Controller)
            return store;
        _nodeHistory = new NodeHistory(NodeHistory.PathBeside(_options.Spool), _options.History, time);
        return new RecordingStore(store, _nodeHistory, time, _log);
    }

    /// <summary>Returns when the service is told to stop.</summary>
    private async Task HousekeepAsync(CancellationToken stopping)
    {
        try
        {
            await _role.OpenAsync(stopping);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var election = _role.StandAsync(end.Token);
            try
            {
                await _role.RunAsync(stopping);
            }
            finally
            {
                // It gives up the lead, so that others needn't wait for the end of the term.
                await end.CancelAsync();
                await election;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // That is how it is told.
        }
    }
}
