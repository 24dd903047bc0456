using Microsoft.Playwright;

namespace Ipam.Web.Tests.Support;

/// <summary>One browser for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Debian's.</summary>
    public const string Program = "chromium";

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Requirements.WhatIsMissing(Program) is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own, without anything of other tests.</summary>
    internal async Task<Window> OpenAsync(RunningSite site, bool hasScripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.Url.ToString(),
            ViewportSize = new ViewportSize { Width = 1600, Height = 1000 },
            JavaScriptEnabled = hasScripts,
        });
        return new Window(context, await context.NewPageAsync(), site);
    }
}

/// <summary>Tests that share the browser.</summary>
[CollectionDefinition(Name)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
