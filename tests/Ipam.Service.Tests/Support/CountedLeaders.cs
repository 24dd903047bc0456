using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>Counts the calls about who leads that are not yet answered.</summary>
internal sealed class CountedLeaders(ILeaderRecords inner, CallsUnderWay underWay) : ILeaderRecords
{
    public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) => underWay.AwaitAsync(inner.FindAsync(role, cancellationToken));

    public Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken) =>
        underWay.AwaitAsync(inner.PutAsync(role, record, cancellationToken));
}
