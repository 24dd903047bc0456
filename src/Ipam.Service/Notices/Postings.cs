using Ipam.Core.Stores;

namespace Ipam.Service.Notices;

/// <summary>Puts notices up where the store has a place for them, the same one not more often than people can read. Not thread-safe.</summary>
internal sealed class Postings(IIpamStore store, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(NoticeSubject Subject, string Name, string Reason), long> _posted = [];

    /// <summary>Posts it, unless it was within the last ten minutes. Throws <see cref="StoreException"/> if the store fails; then that counts as posted, too.</summary>
    public async Task PostAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (store.Notices is not { } board)
            return;
        foreach (var (key, at) in _posted)
        {
            if (time.GetElapsedTime(at) >= Pause)
                _posted.Remove(key);
        }
        if (_posted.TryAdd((notice.Subject, notice.Name, notice.Reason), time.GetTimestamp()))
            await board.PostAsync(notice, cancellationToken);
    }
}
