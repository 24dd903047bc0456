using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>Counts the calls of the registry that are not yet answered.</summary>
internal sealed class CountedNodes(INodeRegistry inner, CallsUnderWay underWay) : INodeRegistry
{
    public TimeSpan RenewEvery => inner.RenewEvery;

    public Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken) => underWay.AwaitAsync(inner.FindAsync(node, cancellationToken));

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => underWay.AwaitAsync(inner.ListAsync(cancellationToken));

    public Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken) =>
        underWay.AwaitAsync(inner.PutAsync(entry, formerRun, cancellationToken));

    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken) => inner.RemoveAsync(entry, cancellationToken);

    public Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken) => inner.ForgetAsync(entry, cancellationToken);
}
