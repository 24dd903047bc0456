using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>The past of a store in memory, which a test may change.</summary>
internal sealed class InMemoryPasts : IStorePasts
{
    private StorePast? _expected;

    public long Interruptions { get; set; }

    public StorePast Current { get; set; } = new("first", 1);

    /// <summary>What a commit goes through.</summary>
    public void EnsureKept()
    {
        if (_expected?.IsKeptBy(Current) == false)
            throw new StoreException("injected: the store lost its data") { IsLoss = true };
    }

    /// <summary>What reading it fails with; null for nothing.</summary>
    public StoreException? Fault { get; set; }

    public Task<StorePast> ReadAsync(CancellationToken cancellationToken) =>
        Fault is null ? Task.FromResult(Current) : Task.FromException<StorePast>(Fault);

    public void Remember(string space, long version)
    {
    }

    public void Expect(StorePast past)
    {
        _expected = past;
        // What it had come to before counts no more.
        if (Current.Revision == StorePast.WentBack)
            Current = Current with { Revision = 1 };
    }

    public Task RenewAsync(string identity, CancellationToken cancellationToken)
    {
        if (Current.Identity == identity)
            Current = Current with { Identity = StorePast.NewIdentity() };
        return Task.CompletedTask;
    }

    public Task<bool> AcceptAsync(string identity, CancellationToken cancellationToken)
    {
        if (Current.Identity == identity)
            Current = Current with { IsAccepted = true };
        return Task.FromResult(Current.Identity == identity);
    }
}

/// <summary>The registry of a store in memory.</summary>
internal sealed class InMemoryNodes : INodeRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NodeEntry> _entries = [];

    public TimeSpan RenewEvery => TimeSpan.FromSeconds(5);

    public Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_entries.GetValueOrDefault(node));
    }

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<NodeEntry>>([.. _entries.Values]);
    }

    public Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(entry.Node)?.Run != formerRun)
                return Task.FromResult(false);
            _entries[entry.Node] = entry;
            return Task.FromResult(true);
        }
    }

    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken)
    {
        Clear(entry.Node);
        return Task.CompletedTask;
    }

    /// <summary>What forgetting a node fails with; null for nothing.</summary>
    public StoreException? ForgetFault { get; set; }

    public Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken)
    {
        if (ForgetFault is not null)
            return Task.FromException<bool>(ForgetFault);
        lock (_lock)
            return Task.FromResult(_entries.GetValueOrDefault(entry.Node) == entry && _entries.Remove(entry.Node));
    }

    /// <summary>Loses an entry, or all.</summary>
    public void Clear(string? node = null)
    {
        lock (_lock)
        {
            if (node is null)
                _entries.Clear();
            else
                _entries.Remove(node);
        }
    }
}
