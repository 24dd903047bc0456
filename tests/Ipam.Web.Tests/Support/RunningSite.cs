using Ipam.Core.Stores;
using Ipam.Stores;
using Ipam.Web.Http;
using Ipam.Web.Options;
using Ipam.Web.Pages;
using Ipam.Web.Reading;

namespace Ipam.Web.Tests.Support;

/// <summary>The site as it runs, on a free port of this machine.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    private readonly IIpamStore _store;
    private readonly PageTable _pages;
    private readonly Site _site;
    private readonly WebServer _server;
    private readonly StringWriter _log = new();

    private RunningSite(IIpamStore store, WebOptions options)
    {
        _store = store;
        var reads = new StoreReads(store, TimeProvider.System);
        var gate = options.Auth == AuthKind.None ? null : new Gate(store.Viewers!, options.BasePath, TimeProvider.System);
        _pages = new PageTable(reads, options);
        _site = new Site(options, _pages, new LiveChanges(reads, gate), gate, new Complaints(_log));
        _server = new WebServer(options, _site);
    }

    /// <summary>Where the first page is.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Asks it, without following where it is sent.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>What it complained of.</summary>
    public string Log => _log.ToString();

    /// <summary>Starts it on a store that is there.</summary>
    public static async Task<RunningSite> StartAsync(string url, Func<WebOptions, WebOptions>? change = null, Func<IIpamStore, IIpamStore>? wrap = null)
    {
        var store = StoreFactory.Create(url, TimeProvider.System, mustExist: true);
        await store.OpenAsync(default);
        var options = new WebOptions { Store = url, Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) };
        var site = new RunningSite(wrap?.Invoke(store) ?? store, change?.Invoke(options) ?? options);
        await site._server.StartAsync(change?.Invoke(options).BasePath ?? "", default);
        site.Url = new Uri(site._server.Url);
        site.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Url };
        return site;
    }

    /// <summary>The text of a page that must be there.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text} {Log}");
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        _site.Dispose();
        await _pages.DisposeAsync();
        await _store.DisposeAsync();
        await _log.DisposeAsync();
    }
}
