using Ipam.Core.Pools;
using Ipam.Core.Trends;
using Ipam.Service.Pools;
using Ipam.Stores.Sqlite;

namespace Ipam.Service.Tests.Pools;

/// <summary>What ipamd keeps of how pools were used.</summary>
public sealed class TrendRecorderTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = new SqliteStore(_folder.Combine("ipam.db"));
        await _store.OpenAsync(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_leads_next_goes_on_with_what_was_kept()
    {
        var first = Recorder();
        await first.RecordAsync([Usage("blue", 3)], default);
        _time.Advance(TimeSpan.FromHours(1));
        await first.RecordAsync([Usage("blue", 5)], default);
        Assert.Equal(Outlook.Unknown, Assert.Single(first.Forecasts).Value.Outlook);
        first.Stop();
        Assert.Empty(first.Forecasts);

        _time.Advance(TimeSpan.FromHours(2));
        await Recorder().RecordAsync([Usage("blue", 9)], default);
        Assert.Equal([3, 5, -1, 9], await HoursAsync("blue"));
    }

    [Fact]
    public async Task A_pool_is_written_at_first_and_then_every_ten_minutes_and_only_so_many_at_once()
    {
        var recorder = Recorder();
        PoolUsage[] pools = [.. Enumerable.Range(0, 50).Select(static number => Usage($"pool-{number}", number))];
        foreach (var written in new[] { 20, 40, 50 })
        {
            await recorder.RecordAsync(pools, default);
            Assert.Equal(written, (await _store.Trends.ListAsync(default)).Count);
        }

        await recorder.RecordAsync([Usage("pool-0", 99)], default);
        Assert.Equal([0], await HoursAsync("pool-0"));
        _time.Advance(TimeSpan.FromMinutes(10));
        await recorder.RecordAsync([Usage("pool-0", 98)], default);
        Assert.Equal([99], await HoursAsync("pool-0"));
    }

    [Fact]
    public async Task What_is_kept_of_a_pool_that_is_gone_is_removed_and_what_cannot_be_read_is_written_anew()
    {
        await _store.Trends.PutAsync("gone", "AQ==", default);
        await _store.Trends.PutAsync("blue", "nonsense", default);
        var recorder = Recorder();
        await recorder.RecordAsync([Usage("blue", 3), Usage("green", 1)], default);
        Assert.Equal([3], await HoursAsync("blue"));

        await recorder.RecordAsync([Usage("blue", 3)], default);
        Assert.Equal("blue", Assert.Single(await _store.Trends.ListAsync(default)).Key);
        Assert.Equal("blue", Assert.Single(recorder.Forecasts).Key);
    }

    private TrendRecorder Recorder() => new(_store.Trends, _time);

    private async Task<List<int>> HoursAsync(string pool) => [.. PoolTrend.Read((await _store.Trends.ListAsync(default))[pool])!.V4!.Hours.ToArray()];

    private static PoolUsage Usage(string pool, long used) => new(pool, "", new FamilyUsage(100, 0, used, (UInt128)(100 - used)), null);
}
