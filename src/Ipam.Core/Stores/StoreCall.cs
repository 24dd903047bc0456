namespace Ipam.Core.Stores;

/// <summary>Bounds the wait for a store.</summary>
internal static class StoreCall
{
    /// <summary>Calls the store; a call that outlasts <paramref name="timeout"/> ends in a <see cref="StoreException"/>.</summary>
    public static async Task<T> WithTimeoutAsync<T>(
        IIpamStore store, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await call(bounded.Token).WaitAsync(bounded.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"{store.Description} didn't answer within {timeout.TotalSeconds:0.#} s; check that it is up and not overloaded", e);
        }
    }
}
