using System.Globalization;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>Leaders' records in memory.</summary>
internal sealed class InMemoryLeaders : ILeaderRecords
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LeaderRecord> _records = [];
    private long _version;

    public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_records.GetValueOrDefault(role));
    }

    public Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if ((_records.GetValueOrDefault(role)?.Version ?? "") != record.Version)
                return Task.FromResult<LeaderRecord?>(null);
            return Task.FromResult<LeaderRecord?>(_records[role] = record with { Version = (++_version).ToString(CultureInfo.InvariantCulture) });
        }
    }
}
