using System.Diagnostics;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores;
using Microsoft.Playwright;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Page;

/// <summary>What ipam-web sends of a pool of 65,536 addresses that nearly all are held, and how soon Debian's Chromium shows it.</summary>
internal static class PageBenchmark
{
    private const string Pool = "pool/huge";
    private const string Chromium = "/usr/bin/chromium";
    private const int BlockCount = 1_024;
    private const int BlocksAtOnce = 128;
    private const int NodeCount = 40;
    private const int Loads = 50;
    private const string FirstPaint = "() => new Promise(found => new PerformanceObserver(list => found(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))";

    public static async Task RunAsync()
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-page-{Environment.ProcessId}").FullName;
        try
        {
            var store = $"sqlite:{folder}/ipam.db";
            await FillAsync(store);
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
            bytes = (await http.GetByteArrayAsync(new Uri(Pool, UriKind.Relative))).Length;
            answers.Add(Stopwatch.GetElapsedTime(start));
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        var window = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1600, Height = 1000 } });
        for (var load = 0; load < Loads; load++)
        {
            await window.GotoAsync(new Uri(site, Pool).ToString());
            paints.Add(TimeSpan.FromMilliseconds(await window.EvaluateAsync<double>(FirstPaint)));
        }
        Head($"the page of a pool with {BlockCount * BlockId.Size:N0} addresses", "");
        Row("size, KiB", Number(bytes / 1024.0, "0"));
        Row("answer, p50, ms", Number(answers.P50, "0.0"));
        Row("first paint, p50, ms", Number(paints.P50, "0"));
        Row("first paint, p99, ms", Number(paints.P99, "0"));
    }

    private static async Task FillAsync(string url)
    {
        await using var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        var subnet = Prefix.Parse("10.64.0.0/16");
        if (!await store.Pools.PutAsync(new Pool { Name = "huge", Ranges = [new PoolRange { Subnet = subnet }] }, default))
            throw new InvalidOperationException("the pool can't be written");
        var first = BlockId.Of("default", subnet.First);
        foreach (var numbers in Enumerable.Range(0, BlockCount).Chunk(BlocksAtOnce))
        {
            var changes = numbers.Select(number => FullOf(first with { Index = first.Index + (uint)number }, $"worker-{number % NodeCount}.cluster.example")).ToList();
            if ((await store.CommitAsync(changes, default)).Any(static result => result.Status != CommitStatus.Committed))
                throw new InvalidOperationException("a block can't be written");
        }
    }

    private static BlockChange FullOf(BlockId id, string node)
    {
        var leases = Enumerable.Range(0, BlockId.Size).Where(offset => (int)(id.AddressAt(offset).Value % 256) is not (0 or 1 or 255)).Select(offset => new Lease
        {
            Space = id.Space,
            Address = id.AddressAt(offset),
            Owner = new Owner("pods", $"container-of-{id.AddressAt(offset)}", "eth0"),
            Entry = 0,
            Sequence = 1_700_000_000_000_000 + offset,
            Node = node,
            Pod = new PodReference("shop", $"web-{offset}-of-a-deployment-5d78c9869d-abcde", ""),
            AcquiredAt = DateTimeOffset.UnixEpoch,
        }).ToArray();
        return new BlockChange(new Block(id, leases) { Node = node, LastSequence = 1_700_000_000_000_000 + BlockId.Size, LastOffset = BlockId.Size - 1 }, leases, []);
    }
}
