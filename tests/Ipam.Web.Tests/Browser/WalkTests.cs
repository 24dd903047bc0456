using Ipam.Stores;
using Ipam.Web.Tests.Support;
using Microsoft.Playwright;

namespace Ipam.Web.Tests.Browser;

/// <summary>A real browser on every page, with a store of each kind behind it.</summary>
public abstract class WalkTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Every page, and what its picture is called.</summary>
    private static readonly (string Name, string Path)[] Pages =
    [
        ("pools", ""), ("pool-small", "pool/blue"), ("pool-large", "pool/large?at=10.64.3.0"), ("free", "free/large"), ("leases", "leases"),
        ("address", "address/default/10.1.0.100"), ("harm", $"address/default/{SampleContent.HarmfulAddress}"), ("history", "history?q=shop/gone-0"),
        ("explain", "explain?pod=shop/web-10"), ("nodes", "nodes"), ("check", "check"),
    ];

    private RunningSite _site = null!;

    /// <summary>Of which store the pictures are.</summary>
    protected abstract string StoreName { get; }

    public async Task InitializeAsync()
    {
        if (await SampleUrlAsync() is { } url)
            _site = await RunningSite.StartAsync(url);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
    }

    /// <summary>The URL of a store with the sample content, filled once; null where there is no such store.</summary>
    protected abstract Task<string?> SampleUrlAsync();

    /// <summary>Fills a store.</summary>
    protected static async Task<string> FillAsync(string url)
    {
        await using var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        await SampleContent.FillAsync(store);
        return url;
    }

    [RequiresFact(Chromium.Program)]
    public async Task Every_page_can_be_read_by_everybody()
    {
        await using var window = await chromium.OpenAsync(_site);
        foreach (var (name, path) in Pages)
        {
            await window.GoAsync(path);
            if (path == "check")
                await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("findings", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
            foreach (var (width, scheme) in (IEnumerable<(int, ColorScheme)>)[(1600, ColorScheme.Light), (390, ColorScheme.Dark)])
            {
                await window.Page.SetViewportSizeAsync(width, 1000);
                await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                Assert.Empty(await window.Page.EvaluateAsync<string[]>(Accessibility.Script));
                await window.KeepAsync($"{StoreName}-{name}-{width}");
            }
        }
    }

    [RequiresTheory(Chromium.Program)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_a_pool_to_a_block_to_an_address_to_its_pod_by_clicks(bool hasScripts)
    {
        await using var window = await chromium.OpenAsync(_site, hasScripts: hasScripts);
        var page = window.Page;
        await window.GoAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "large" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "10.64.0.192/26" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.addresses caption")).ToHaveTextAsync("Addresses 10.64.0.0 to 10.64.0.255");
        await page.GetByRole(AriaRole.Link, new() { Name = "10.64.0.194: held" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Address 10.64.0.194");
        await page.GetByRole(AriaRole.Link, new() { Name = "explain", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Pod load/pod-1-2");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("holds 10.64.0.194");
        await page.GetByLabel("Search").FillAsync("shop/web-17");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "10.1.0.17", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("held by pod shop/web-17 on node node-a");
    }

    [RequiresFact(Chromium.Program)]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var window = await chromium.OpenAsync(_site);
        var page = window.Page;
        await window.GoAsync("pool/blue");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(":focus")).ToHaveTextAsync("Skip to the content");
        await Assertions.Expect(page.Locator(":focus")).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("main:focus")).ToHaveCountAsync(1);
        await page.GetByLabel("Search").FocusAsync();
        await page.Keyboard.TypeAsync("10.1.0.17");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Leases: 10.1.0.17");
        await window.GoAsync("pool/blue");
        await page.Locator(".addresses a").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(":focus")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^10.1.0.17: held by pod shop/web-17"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Address 10.1.0.17");
    }

    [RequiresFact(Chromium.Program)]
    public async Task Names_that_are_to_do_harm_are_text()
    {
        await using var window = await chromium.OpenAsync(_site);
        foreach (var path in (string[])[$"address/default/{SampleContent.HarmfulAddress}", "leases?q=evil", "nodes", "pool/blue", $"history?q={SampleContent.HarmfulAddress}", "explain?container=\u05E9"])
        {
            await window.GoAsync(path);
            await Assertions.Expect(window.Page.Locator("img")).ToHaveCountAsync(0);
        }
        await window.GoAsync("leases?q=evil");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToContainTextAsync([$"<b>evil/{SampleContent.Markup}"]);
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToContainTextAsync([@"node-\u202egnp.exe\u2066\u0007\u000az"]);
        // It stays in its cell: what comes behind it is where it belongs.
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "evil" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync(SampleContent.HarmfulAddress);
    }
}

[Collection(ChromiumCollection.Name)]
public sealed class WalkOnSqliteTests(Chromium chromium, WalkOnSqliteTests.SampleFile file) : WalkTests(chromium), IClassFixture<WalkOnSqliteTests.SampleFile>
{
    protected override string StoreName => "sqlite";

    protected override async Task<string?> SampleUrlAsync() => file.Url ??= await FillAsync($"sqlite:{file.Folder.Combine("ipam.db")}");

    public sealed class SampleFile : IDisposable
    {
        public TempFolder Folder { get; } = new();

        public string? Url { get; set; }

        public void Dispose() => Folder.Dispose();
    }
}

[Collection(ChromiumCollection.Name)]
public sealed class WalkOnRedisTests(Chromium chromium, WalkOnRedisTests.SampleServer server) : WalkTests(chromium), IClassFixture<WalkOnRedisTests.SampleServer>
{
    protected override string StoreName => "redis";

    protected override async Task<string?> SampleUrlAsync() => server.Url ??= await FillAsync($"redis://127.0.0.1:{server.Redis.Port}/0");

    public sealed class SampleServer : IAsyncLifetime, IDisposable
    {
        public RedisServer Redis { get; private set; } = null!;

        public string? Url { get; set; }

        public async Task InitializeAsync() => Redis = await RedisServer.StartNewAsync();

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => Redis.Dispose();
    }
}

[NeedsControlPlane]
[Collection(ChromiumCollection.Name)]
public sealed class WalkOnKubernetesTests(Chromium chromium, WalkOnKubernetesTests.SamplePlane plane) : WalkTests(chromium), IClassFixture<WalkOnKubernetesTests.SamplePlane>
{
    protected override string StoreName => "kubernetes";

    protected override async Task<string?> SampleUrlAsync() => ControlPlaneAssets.Folder is null ? null : plane.Url ??= await FillAsync(plane);

    private static async Task<string> FillAsync(SamplePlane plane)
    {
        await FillAsync($"kubernetes:{plane.Plane.Kubeconfig()}");
        // With the account that ipam-web has in a cluster.
        return $"kubernetes:{plane.Plane.Kubeconfig(KubernetesServer.WebToken)}?renewSeconds=1";
    }

    public sealed class SamplePlane : IAsyncLifetime, IDisposable
    {
        public ControlPlane Plane { get; } = new();

        public string? Url { get; set; }

        public Task InitializeAsync() => Plane.InitializeAsync();

        public Task DisposeAsync() => Plane.DisposeAsync();

        public void Dispose() => Plane.Dispose();
    }
}
