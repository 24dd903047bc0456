using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>Counts how often the store's past is read.</summary>
internal sealed class CountedPasts(IStorePasts inner, CallsUnderWay underWay) : IStorePasts
{
    private int _reads;

    public long Interruptions => inner.Interruptions;

    public int Reads => Volatile.Read(ref _reads);

    public Task<StorePast> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return underWay.AwaitAsync(inner.ReadAsync(cancellationToken));
    }

    public void Remember(string space, long version) => inner.Remember(space, version);

    public void Expect(StorePast past) => inner.Expect(past);

    public Task RenewAsync(string identity, CancellationToken cancellationToken) => inner.RenewAsync(identity, cancellationToken);

    public Task<bool> AcceptAsync(string identity, CancellationToken cancellationToken) => inner.AcceptAsync(identity, cancellationToken);
}
