using Ipam.Web.Tests.Support;
using Microsoft.Playwright;

namespace Ipam.Web.Tests.Browser;

/// <summary>What changes in the store shows in pages that are open.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class LiveTests(Chromium chromium) : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private RunningSite _site = null!;

    public async Task InitializeAsync()
    {
        await using (var store = await StoreContent.OpenAsync(File))
            await SampleContent.FillAsync(store);
        _site = await RunningSite.StartAsync($"sqlite:{File}");
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [RequiresFact(Chromium.Program)]
    public async Task A_new_lease_shows_without_a_reload_and_who_is_there_with_the_keyboard_stays_where_he_is()
    {
        await using var window = await chromium.OpenAsync(_site);
        var page = window.Page;
        var watching = page.WaitForRequestAsync("**/live");
        await window.GoAsync("pool/blue");
        await watching;
        await page.EvaluateAsync("document.title = 'not loaded again'");
        var place = page.Locator(".addresses a").First;
        await place.FocusAsync();
        var where = await place.GetAttributeAsync("href");
        // The first event says how the store is now.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await AddLeaseAsync("10.1.0.150");

        await Assertions.Expect(page.Locator(".addresses a[aria-label^='10.1.0.150: held by pod shop/late']")).ToHaveCountAsync(1, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 });
        await Assertions.Expect(page).ToHaveTitleAsync("not loaded again");
        await Assertions.Expect(page.Locator(":focus")).ToHaveAttributeAsync("href", where!);
    }

    [Fact]
    public async Task A_change_is_told_and_nothing_else_is_but_that_it_lives()
    {
        using var response = await _site.Http.GetAsync("live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.Equal("event: begun", await lines.ReadLineAsync(late.Token));
        Assert.Matches("^data: [0-9a-f]{8}$", await lines.ReadLineAsync(late.Token));
        Assert.Equal("", await lines.ReadLineAsync(late.Token));
        Assert.Equal(": the same", await lines.ReadLineAsync(late.Token));
        await AddLeaseAsync("10.1.0.151");
        string? line;
        while ((line = await lines.ReadLineAsync(late.Token)) != "event: change")
            Assert.Contains(line, (string[])["", ": the same"]);
    }

    private string File => _folder.Combine("ipam.db");

    private async Task AddLeaseAsync(string address)
    {
        await using var store = await StoreContent.OpenAsync(File);
        await store.ChangeAsync([Some.Lease(address, pod: Some.Pod("late"))], []);
    }
}
