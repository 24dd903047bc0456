using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Web.Tests.Support;

namespace Ipam.Web.Tests.Browser;

/// <summary>A pool of 65,536 addresses of which nearly all are held.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class LargePoolTests(Chromium chromium) : IAsyncLifetime, IDisposable
{
    private const int MostBytes = 200 * 1024;
    private const int MostMilliseconds = 300;
    private const int Loads = 10;

    private readonly TempFolder _folder = new();
    private RunningSite _site = null!;

    public async Task InitializeAsync()
    {
        var path = _folder.Combine("ipam.db");
        await using (var store = await StoreContent.OpenAsync(path))
        {
            Assert.True(await store.Pools.PutAsync(new Pool { Name = "huge", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.64.0.0/16") }] }, default));
            var first = BlockId.Of("default", Address.Parse("10.64.0.0"));
            foreach (var numbers in Enumerable.Range(0, 1024).Chunk(128))
                Assert.All(await store.CommitAsync([.. numbers.Select(number => FullOf(first with { Index = first.Index + (uint)number }, $"worker-{number % 40}.cluster.example"))], default), static result => Assert.Equal(Core.Stores.CommitStatus.Committed, result.Status));
        }
        _site = await RunningSite.StartAsync($"sqlite:{path}");
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pool/huge")]
    [InlineData("pool/huge?at=10.64.128.0")]
    public async Task Its_page_is_small(string path)
    {
        var page = await _site.Http.GetByteArrayAsync(path);
        Assert.True(page.Length <= MostBytes, $"{path} has {page.Length} bytes");
        Assert.Contains("65,278 used", System.Text.Encoding.UTF8.GetString(page), StringComparison.Ordinal);
    }

    [RequiresFact(Chromium.Program)]
    [Trait("Needs", "WholeMachine")]
    public async Task It_is_painted_soon()
    {
        await using var window = await chromium.OpenAsync(_site);
        var best = double.MaxValue;
        // The machine may be busy with something else at one of them.
        for (var load = 0; load < Loads && best > MostMilliseconds; load++)
        {
            await window.GoAsync("pool/huge");
            best = Math.Min(best, await window.Page.EvaluateAsync<double>(
                "() => new Promise(found => new PerformanceObserver(list => found(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))"));
        }
        Assert.True(best <= MostMilliseconds, $"the first paint came after {best:0} ms");
    }

    /// <summary>A block of which nearly all is held: the first and the last addresses of the pool's subnet stay out.</summary>
    private static BlockChange FullOf(BlockId id, string node)
    {
        var leases = Enumerable.Range(0, BlockId.Size).Where(offset => id.AddressAt(offset).Value % 256 != 0 && id.AddressAt(offset).ToString() is not ("10.64.0.1" or "10.64.255.255"))
            .Select(offset => Some.Lease(id.AddressAt(offset).ToString(), node: node, pod: Some.Pod($"web-{offset}-of-a-deployment-5d78c9869d-abcde"))).ToArray();
        return new BlockChange(new Block(id, leases) { Node = node }, leases, []);
    }
}
