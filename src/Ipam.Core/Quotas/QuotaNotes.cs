using Ipam.Core.Allocation;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Core.Quotas;

/// <summary>Changes what a store notes of quotas, in bounded time. Safe for use by several threads at once.</summary>
/// <param name="store">The store.</param>
/// <param name="options">The longest wait for it.</param>
/// <param name="time">Measures that.</param>
internal sealed class QuotaNotes(IIpamStore store, AllocatorOptions options, TimeProvider time)
{
    /// <summary>Changes the shares of a quota, whatever they are when that is done; a change to null changes nothing.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public Task<bool> ChangeAsync(QuotaKey key, Func<QuotaShares, QuotaShares?> change) => AskAsync(async token =>
    {
        var name = key.ToString();
        for (var attempt = 0; ; attempt++)
        {
            await ConflictPause.BeforeAsync(attempt, Random.Shared, time, token);
            var text = await store.Quotas.FindAsync(name, token);
            if (change(QuotaShares.Read(name, text)) is not { } changed)
                return false;
            if (await store.Quotas.PutAsync(name, text, changed.ToText(), token))
                return true;
        }
    });

    /// <summary>Asks the store.</summary>
    /// <exception cref="StoreException">It failed, or didn't answer.</exception>
    public Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> call) => StoreCall.WithTimeoutAsync(store.Description, options.StoreTimeout, time, call, CancellationToken.None);
}
