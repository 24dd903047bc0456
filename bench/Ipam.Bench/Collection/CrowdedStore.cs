using Ipam.Bench.Stores;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Bench.Collection;

/// <summary>A store with the leases of a thousand nodes that report, and of one more that is gone. A cluster has these nodes, and a pod for each lease of theirs.</summary>
internal sealed class CrowdedStore : IAsyncDisposable
{
    public const int Nodes = 1_000;
    public const int LeasesOfEach = 50;

    private const string Gone = "gone";
    private const int AtOnce = 32;
    private const int BlocksAtOnce = 64;

    /// <summary>What clients ask Redis for themselves. It counts what their scripts do as well; single HGETs, of which a pass has next to none, can't be told from those.</summary>
    private static readonly string[] OfRedisClients = ["evalsha", "hgetall", "smembers"];

    private readonly SharedStore _server;
    private readonly List<NodeEntry> _entries = [];

    private CrowdedStore(SharedStore server, IIpamStore store) => (_server, Store) = (server, store);

    public IIpamStore Store { get; }

    public string Url => _server.Url;

    /// <summary>How often the server has been asked so far; null for SQLite, which has none.</summary>
    public double? Requests => Url.Split(':')[0] switch
    {
        "sqlite" => null,
        "redis" => _server.Calls().Where(static call => OfRedisClients.Contains(call.Key)).Sum(static call => call.Value),
        _ => _server.Calls().Values.Sum(),
    };

    public static async Task<CrowdedStore> StartAsync(string kind)
    {
        var server = kind == "kubernetes" ? SharedStore.Start(kind, "cluster", $"{Nodes}", $"{LeasesOfEach}") : SharedStore.Start(kind);
        var store = StoreFactory.Create(server.Url, TimeProvider.System);
        await store.OpenAsync(default);
        var crowded = new CrowdedStore(server, store);
        await crowded.FillAsync();
        return crowded;
    }

    /// <summary>All nodes report, but for the one that is gone.</summary>
    public async Task RenewAsync()
    {
        await System.Threading.Tasks.Parallel.ForAsync(0, Nodes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellationToken) =>
        {
            var entry = _entries[i] with { Renewals = _entries[i].Renewals + 1 };
            await PutAsync(entry, entry.Run, cancellationToken);
            _entries[i] = entry;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _server.Dispose();
    }

    private async Task FillAsync()
    {
        var uids = Store.Cluster is { } cluster ? await cluster.ListNodesAsync(default) : new Dictionary<string, string>();
        for (var i = 0; i <= Nodes; i++)
        {
            var node = i < Nodes ? $"node-{i}" : Gone;
            _entries.Add(new NodeEntry(node, "instance", $"run of {node}", "host", "identity", 0) { ClusterUid = uids.GetValueOrDefault(node, "gone as well") });
        }
        await System.Threading.Tasks.Parallel.ForEachAsync(_entries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (entry, cancellationToken) => await PutAsync(entry, null, cancellationToken));
        foreach (var some in Enumerable.Range(0, _entries.Count).Select(BlockOf).Chunk(BlocksAtOnce))
        {
            var results = await Store.CommitAsync([.. some.Select(static block => new BlockChange(block, block.Leases, []))], default);
            if (results.Any(static result => result.Status != CommitStatus.Committed))
                throw new InvalidOperationException("a block can't be written");
        }
    }

    private async Task PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken)
    {
        if (!await Store.Nodes.PutAsync(entry, formerRun, cancellationToken))
            throw new InvalidOperationException($"the entry of {entry.Node} can't be written");
    }

    private Block BlockOf(int number)
    {
        var id = BlockId.Of("bench", new Address(IpFamily.V4, 0x0a000000u + (UInt128)(number * 64)));
        var node = _entries[number].Node;
        var leases = Enumerable.Range(1, LeasesOfEach).Select(i => new Lease
        {
            Space = id.Space,
            Address = id.AddressAt(i),
            Owner = new Owner("bench", $"{node}-{i}", "eth0"),
            Entry = 0,
            Sequence = 1_700_000_000_000_000 + (number * 64) + i,
            Node = node,
            Pod = new PodReference("default", $"{node}-{i}", $"uid-of-{node}-{i}"),
            NetworkNamespace = $"/var/run/netns/{node}-{i}",
            AcquiredAt = DateTimeOffset.UnixEpoch,
        });
        return new Block(id, leases) { Node = node, LastSequence = 1_700_000_000_000_000 + (number * 64) + LeasesOfEach, LastOffset = LeasesOfEach };
    }
}
