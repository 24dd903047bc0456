using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Ipam.Web.Tests.Support;

/// <summary>A window of the browser on a site. When it is closed, nothing may have gone wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly RunningSite _site;
    private readonly ConcurrentQueue<string> _wrong = new();

    public Window(IBrowserContext context, IPage page, RunningSite site)
    {
        (_context, Page, _site) = (context, page, site);
        // What the policy keeps from being loaded or run is told here as well.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _wrong.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _wrong.Enqueue(error);
        page.Dialog += (_, dialog) => _wrong.Enqueue($"a dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Goes to a page that must be there.</summary>
    public async Task GoAsync(string path)
    {
        var response = await Page.GotoAsync(new Uri(_site.Url, path).ToString());
        Assert.True(response!.Ok, $"{path}: {response.Status} {_site.Log}");
    }

    /// <summary>Keeps a picture of what the window shows, and of a map whole.</summary>
    public Task KeepAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = RepositoryRoot.PathOf($"artifacts/web/{name}.png"), FullPage = name.Contains("pool", StringComparison.Ordinal) });

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_wrong);
        Assert.Equal("", _site.Log);
    }
}
