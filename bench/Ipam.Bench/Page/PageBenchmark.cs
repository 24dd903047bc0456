using System.Diagnostics;
using Ipam.Web.Tests.Support;
using Microsoft.Playwright;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Page;

/// <summary>What ipam-web sends of a pool of 65,536 addresses that nearly all are held, and how soon Debian's Chromium shows it.</summary>
internal static class PageBenchmark
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Loads = 50;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-page-{Environment.ProcessId}").FullName;
        try
        {
            var store = $"sqlite:{folder}/ipam.db";
            await LargePool.FillAsync(store);
            using var site = Process.Start(new ProcessStartInfo(Folders.Artifact("ipam-web/ipam-web"), ["--store", store, "--listen", "127.0.0.1:0"]) { RedirectStandardOutput = true })!;
            try
            {
                var told = await site.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("ipam-web doesn't start");
                await MeasureAsync(new Uri(told[told.IndexOf("http", StringComparison.Ordinal)..]));
            }
            finally
            {
                site.Kill();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Uri site)
    {
        var (answers, paints, bytes) = (new Samples(), new Samples(), 0);
        using var http = new HttpClient { BaseAddress = site };
        for (var load = 0; load < Loads; load++)
        {
            var start = Stopwatch.GetTimestamp();
            bytes = (await http.GetByteArrayAsync(new Uri(LargePool.Page, UriKind.Relative))).Length;
            answers.Add(Stopwatch.GetElapsedTime(start));
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        var window = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1600, Height = 1000 } });
        for (var load = 0; load < Loads; load++)
        {
            await window.GotoAsync(new Uri(site, LargePool.Page).ToString());
            paints.Add(TimeSpan.FromMilliseconds(await window.EvaluateAsync<double>(LargePool.FirstPaint)));
        }
        Head($"the page of a pool with {LargePool.Addresses:N0} addresses", "");
        Row("size, KiB", Number(bytes / 1024.0, "0"));
        Row("answer, p50, ms", Number(answers.P50, "0.0"));
        Row("first paint, p50, ms", Number(paints.P50, "0"));
        Row("first paint, p99, ms", Number(paints.P99, "0"));
    }
}
