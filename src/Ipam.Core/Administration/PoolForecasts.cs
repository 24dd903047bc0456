using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Trends;

namespace Ipam.Core.Administration;

/// <summary>
/// When pools will be exhausted, by what the ipamd that counts them has kept in an open store. That is read once. Not thread-safe.
/// </summary>
public sealed class PoolForecasts(IIpamStore store, TimeProvider time)
{
    private IReadOnlyDictionary<string, string>? _trends;
    private string? _failure;

    /// <summary>The forecast of a pool. That nothing could be read is why nothing can be said, and no fault.</summary>
    public async Task<UseForecast> OfAsync(PoolUsage usage, CancellationToken cancellationToken)
    {
        if (_trends is null && _failure is null)
            await ReadAsync(cancellationToken);
        if (_failure is not null)
            return UseForecast.Unknown(_failure);
        if (!_trends!.TryGetValue(usage.Pool, out var text))
            return new PoolTrend().Forecast(usage, time.GetUtcNow());
        return PoolTrend.Read(text)?.Forecast(usage, time.GetUtcNow()) ?? UseForecast.Unknown("what is kept of its use can't be read; ipamd begins anew");
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _trends = await store.Trends.ListAsync(cancellationToken);
        }
        catch (StoreException e)
        {
            // Who may see pools but not this still sees the pools.
            _failure = $"what is kept of its use can't be read: {e.Message}";
        }
    }
}
