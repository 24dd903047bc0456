using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Storm;

/// <summary>One of several nodes: an ipamd, and the network between it and the store.</summary>
internal sealed class Node : IAsyncDisposable
{
    /// <summary>The longest that a caller waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>ipamd gives up before its callers do.</summary>
    private const string RequestTimeout = "6";

    private Ipamd _ipamd = null!;

    private Node(string name, StoreServer store, bool hasNetwork, bool hasClock)
    {
        Name = name;
        Network = hasNetwork && store.Port is { } port ? FaultProxy.Before(port) : null;
        Site = new Site(store: store.Url(Network?.Port));
        Http = new ServiceHttp(Site.Socket, Patience);
        Clock = hasClock ? new NodeClock(Site) : null;
    }

    public string Name { get; }

    public Site Site { get; }

    /// <summary>What is between ipamd and the store; null if nothing is.</summary>
    public FaultProxy? Network { get; }

    /// <summary>Its clock; null if that is the machine's.</summary>
    public NodeClock? Clock { get; }

    /// <summary>For callers; serves over restarts of ipamd.</summary>
    public ServiceHttp Http { get; }

    /// <summary>Its ipamd's process.</summary>
    public int ProcessId => _ipamd.ProcessId;

    /// <summary>Starts a node whose ipamd is ready.</summary>
    public static async Task<Node> StartAsync(string name, StoreServer store, bool hasNetwork, bool hasClock = false)
    {
        var node = new Node(name, store, hasNetwork, hasClock);
        await node.StartAsync();
        return node;
    }

    /// <summary>Ends ipamd where it stands, and starts it anew.</summary>
    public async Task RestartAsync()
    {
        await _ipamd.KillAsync();
        await _ipamd.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Sends ipamd a signal by its name, such as STOP.</summary>
    public void Signal(string name) => _ipamd.Signal(name);

    /// <summary>A sample of /metrics; 0 when there is none.</summary>
    public async Task<double> MetricAsync(string sample) => await Http.MetricAsync(sample) ?? 0;

    /// <summary>How many calls its ipamd has answered.</summary>
    public Task<double> CallsAsync() => Http.SumAsync("ipamsuite_request_duration_seconds_count");

    /// <summary>Reads its metrics; false if ipamd doesn't answer now.</summary>
    public async Task<bool> TryScrapeAsync()
    {
        try
        {
            return (await Http.GetAsync("/metrics")).Length > 0;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits until releases that were written down for later are carried out.</summary>
    public Task WhenSpoolIsEmptyAsync() =>
        _ipamd.Log.WaitUntilAsync(() => Site.IsSpoolEmpty, "is carried out");

    public async ValueTask DisposeAsync()
    {
        await _ipamd.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
        Http.Dispose();
        Site.Dispose();
    }

    /// <summary>It may not be ready yet: while a loss of the store is mended nobody is.</summary>
    private async Task StartAsync()
    {
        _ipamd = Ipamd.Launch(Site, Clock?.Variables ?? [], ["--node", Name, "--request-timeout", RequestTimeout]);
        // The store may be away meanwhile.
        await _ipamd.Log.WaitForAsync("store opened", 4 * Command.DefaultPatience);
    }
}
