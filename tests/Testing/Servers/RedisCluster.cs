namespace Testing.Servers;

/// <summary>A Redis Cluster of three masters, which share the slots, and as many replicas as asked for, of the first masters.</summary>
public sealed class RedisCluster : IDisposable
{
    private const int Masters = 3;
    private const int Slots = 16_384;

    private readonly List<RedisServer> _nodes = [];
    private readonly List<int> _busPorts = [];

    private RedisCluster(int nodes)
    {
        for (var i = 0; i < nodes; i++)
        {
            // A node's bus has its port and 10,000 more by default; a free one is as good. A dead master is noticed in a second.
            _busPorts.Add(Ports.Free());
            _nodes.Add(new RedisServer(
                "--cluster-enabled", "yes", "--cluster-port", $"{_busPorts[i]}", "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0"));
        }
    }

    /// <summary>The masters as they were at first, then the replicas.</summary>
    public IReadOnlyList<RedisServer> Nodes => _nodes;

    /// <summary>A cluster that serves all slots.</summary>
    public static async Task<RedisCluster> StartAsync(int replicas = 0)
    {
        var cluster = new RedisCluster(Masters + replicas);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(static node => node.StartAsync()));
            await cluster.FormAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The slot of a key.</summary>
    public int SlotOf(string key) => int.Parse(Nodes.First(static node => node.IsRunning).Tell("CLUSTER", "KEYSLOT", key), null);

    /// <summary>The node that says that it has the slot; null while none does.</summary>
    public RedisServer? OwnerOf(int slot) => Nodes.FirstOrDefault(node => node.IsRunning && Serves(node, slot));

    /// <summary>The id of a node.</summary>
    public static string IdOf(RedisServer node) => node.Tell("CLUSTER", "MYID");

    /// <summary>Begins to move a slot to a node. Its keys stay.</summary>
    public void BeginMove(int slot, RedisServer to)
    {
        var from = OwnerOf(slot)!;
        Demand(to, "CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", IdOf(from));
        Demand(from, "CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", IdOf(to));
    }

    /// <summary>Moves one key, or says that there is none left.</summary>
    public static bool MoveKey(int slot, RedisServer from, RedisServer to)
    {
        var key = from.Tell("CLUSTER", "GETKEYSINSLOT", $"{slot}", "1");
        if (key.Length == 0)
            return false;
        // It may have been deleted since.
        Assert.Contains(from.Tell("MIGRATE", "127.0.0.1", $"{to.Port}", key, "0", "5000"), (string[])["OK", "NOKEY"]);
        return true;
    }

    /// <summary>Ends a move.</summary>
    public void EndMove(int slot, RedisServer from, RedisServer to)
    {
        foreach (var node in (RedisServer[])[to, from, .. Nodes.Except([from, to]).Where(static node => node.IsRunning)])
            node.Tell("CLUSTER", "SETSLOT", $"{slot}", "NODE", IdOf(to));
    }

    /// <summary>Deletes everything.</summary>
    public void Flush()
    {
        foreach (var node in Nodes)
            node.Tell("FLUSHALL");
    }

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    private static void Demand(RedisServer node, params string[] command) => Assert.Equal("OK", node.Tell(command));

    private static bool Serves(RedisServer node, int slot) => node.Tell("CLUSTER", "NODES").Split('\n')
        .Single(static line => line.Contains("myself", StringComparison.Ordinal)).Split(' ')[8..].Any(range => Holds(range, slot));

    private static bool Holds(string range, int slot)
    {
        if (range.StartsWith('['))
            return false;
        var ends = range.Split('-');
        return slot >= int.Parse(ends[0], null) && slot <= int.Parse(ends[^1], null);
    }

    private async Task FormAsync()
    {
        for (var i = 0; i < Masters; i++)
        {
            Demand(Nodes[i], "CLUSTER", "ADDSLOTSRANGE", $"{Slots * i / Masters}", $"{(Slots * (i + 1) / Masters) - 1}");
            Demand(Nodes[i], "CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
        }
        foreach (var node in Nodes.Skip(1))
            Demand(node, "CLUSTER", "MEET", "127.0.0.1", $"{Nodes[0].Port}", $"{_busPorts[0]}");
        await Wait.UntilAsync(() => Nodes.All(node => node.Tell("CLUSTER", "INFO").Contains($"cluster_known_nodes:{Nodes.Count}", StringComparison.Ordinal)));
        for (var i = Masters; i < Nodes.Count; i++)
            Demand(Nodes[i], "CLUSTER", "REPLICATE", IdOf(Nodes[i - Masters]));
        await Wait.UntilAsync(() => Nodes.All(static node => node.Tell("CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal)));
        await Wait.UntilAsync(() => Nodes.Skip(Masters).All(static node => node.Tell("INFO", "replication").Contains("master_link_status:up", StringComparison.Ordinal)));
    }
}
