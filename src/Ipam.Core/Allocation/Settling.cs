using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>
/// Sees to it that nothing is handed out right after the store was away: it may have been set back. Who knows nothing that is newer than the older copy can't tell. Who
/// does tells all others, by the store's identity, when it looks at the store's past, which all nodes do within this time. Not thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="timeout">The longest a look at the store may take.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Called, from any thread, when there is news.</param>
internal sealed class Settling(IIpamStore store, TimeSpan timeout, TimeProvider time, Action wake)
{
    /// <summary>A second until the others are connected again, one until they look at the past, and one until they have told of a loss.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    private Task<(StorePast Past, long Interruptions)>? _wait;
    private bool _isWaitedFor;
    private long _settled;

    /// <summary>Whether the store may be used to hand out addresses, as far as is known yet.</summary>
    public bool IsOver => store.Past.Interruptions == _settled;

    /// <summary>Whether addresses may be handed out. If not, the wait for it is begun.</summary>
    /// <param name="isWaitedFor">Whether anybody waits for an address. Only they are told that a look failed, and not those who come after it.</param>
    /// <exception cref="StoreException">The store can't be looked at, or was set back. The next call begins anew.</exception>
    public bool GoOn(bool isWaitedFor)
    {
        if (IsOver)
            return true;
        if (_wait is { IsFaulted: true, Exception.InnerException: not StoreException { IsLoss: true } } && !_isWaitedFor)
        {
            _wait = null;
            // Else it would fail again and again for nobody.
            if (!isWaitedFor)
                return false;
        }
        if (_wait is { IsCompleted: true } over)
        {
            _wait = null;
            var (past, interruptions) = over.GetAwaiter().GetResult();
            if (past.Revision == StorePast.WentBack)
                throw StoreException.Lost(store.Description, StoreException.SetBack);
            _settled = interruptions;
            if (IsOver)
                return true;
        }
        _isWaitedFor = isWaitedFor || (_isWaitedFor && _wait is not null);
        if (_wait is null)
        {
            _wait = WaitAsync();
            _wait.ContinueWith(_ => wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        return false;
    }

    private async Task<(StorePast Past, long Interruptions)> WaitAsync()
    {
        var past = await StoreCall.WithTimeoutAsync(store.Description, timeout, time, store.Past.ReadAsync, CancellationToken.None);
        var interruptions = store.Past.Interruptions;
        await Task.Delay(Length, time);
        return (past, interruptions);
    }
}
