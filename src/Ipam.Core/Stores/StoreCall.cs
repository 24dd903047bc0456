namespace Ipam.Core.Stores;

/// <summary>Bounds the wait for a store.</summary>
public static class StoreCall
{
    /// <summary>
    /// Calls the store. A call that outlasts <paramref name="timeout"/> ends in a <see cref="StoreException"/>, and so does one that fails in a way that the store
    /// doesn't know: callers try again, and keep what must not be lost.
    /// </summary>
    /// <typeparam name="T">What the call returns.</typeparam>
    /// <param name="description">The store's, for the message.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends it earlier, without a <see cref="StoreException"/>.</param>
    public static async Task<T> WithTimeoutAsync<T>(
        string description, TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await ExplainAsync(description, () => call(bounded.Token).WaitAsync(bounded.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"{description} didn't answer within {timeout.TotalSeconds:0.#} s; check that it is up and not overloaded", e);
        }
    }

    /// <summary>Calls the store; a fault that it doesn't know ends in a <see cref="StoreException"/>.</summary>
    /// <typeparam name="T">What the call returns.</typeparam>
    /// <param name="description">The store's, for the message.</param>
    /// <param name="call">The call.</param>
    public static async Task<T> ExplainAsync<T>(string description, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not (StoreException or OperationCanceledException))
        {
            throw new StoreException($"{description} failed with {e.GetType().Name}: {e.Message}", e);
        }
    }
}
