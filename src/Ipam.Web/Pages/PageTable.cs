using System.Net;
using Ipam.Web.Options;
using Ipam.Web.Reading;

namespace Ipam.Web.Pages;

/// <summary>Which page is where. Safe for use by several threads at once.</summary>
internal sealed class PageTable : IAsyncDisposable
{
    private readonly StoreReads _reads;
    private readonly StoreLook _look;
    private readonly Dictionary<string, Func<PageRequest, CancellationToken, Task<PageContent?>>> _pages;

    public PageTable(StoreReads reads, WebOptions options)
    {
        (_reads, _look) = (reads, new StoreLook(reads.Store, reads.Time));
        _pages = new(StringComparer.Ordinal)
        {
            [""] = new PoolsPage(reads).ReadAsync,
            ["pool"] = new PoolPage(reads).ReadAsync,
            ["free"] = new FreeRunsPage(reads).ReadAsync,
            ["address"] = new AddressPage(reads, new Histories(reads, options.NodeHistory)).ReadAsync,
            ["leases"] = new LeasesPage(reads).ReadAsync,
            ["history"] = new HistoryPage(reads, new Histories(reads, options.NodeHistory)).ReadAsync,
            ["explain"] = new ExplainPage(reads).ReadAsync,
            ["nodes"] = new NodesPage(reads).ReadAsync,
            ["check"] = new CheckPage(_look, reads.Time).ReadAsync,
        };
    }

    /// <summary>What the store is called.</summary>
    public string StoreName => _reads.Store.Description;

    /// <summary>Reads what a page has.</summary>
    public async Task<PageContent> ReadAsync(PageRequest request, CancellationToken cancellationToken) =>
        _pages.TryGetValue(request.Path.Count == 0 ? "" : request.Path[0], out var read) && (request.Path.Count == 0 || request.Path[0].Length > 0)
            ? await read(request, cancellationToken) ?? ErrorPage.NotFound
            : ErrorPage.Of(HttpStatusCode.NotFound, "There is no such page.");

    public ValueTask DisposeAsync() => _look.DisposeAsync();
}
