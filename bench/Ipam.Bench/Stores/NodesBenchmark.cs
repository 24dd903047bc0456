using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;

namespace Ipam.Bench.Stores;

/// <summary>Nodes that share a store, measured without leases and with many.</summary>
internal sealed class NodesBenchmark : IDisposable
{
    private const int Connections = 256;
    // Who shares all blocks fights for the one block that is next.
    private const int SharingConnections = 16;
    private const int SharingCalls = 2_000;
    private const int Filled = 50_000;
    private const int Sequential = 200;

    private readonly string _folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-stores-{Guid.NewGuid():N}"[..34]).FullName;
    private readonly List<Ipamd> _nodes = [];
    private readonly string _store;
    private readonly string _configuration;
    private readonly string _sharing;
    private readonly Contender _plugin;
    private readonly int _calls;

    public NodesBenchmark(string kind, SharedStore store, int nodes)
    {
        _store = store.Url;
        // An API server is slower; it has as much time.
        _calls = kind == "kubernetes" ? 5_000 : 30_000;
        for (var i = 0; i < nodes; i++)
        {
            var folder = Directory.CreateDirectory($"{_folder}/{i}").FullName;
            _nodes.Add(Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder, _store, $"node-{i}"));
        }
        // As nodes that share a store have it unless told otherwise; one alone on SQLite doesn't.
        var affinity = nodes > 1 ? ", \"affinity\": \"node\"" : "";
        _configuration = Write("ranges.conf", $"\"subnet\": \"10.0.0.0/8\"{affinity}");
        _sharing = Write("sharing.conf", """ "subnet": "10.0.0.0/8", "space": "sharing", "affinity": "none" """);
        _plugin = new Contender("ipam", Folders.Artifact("cni/ipam"), _configuration);
    }

    /// <summary>What was measured, in order.</summary>
    public Dictionary<string, double> Figures { get; } = [];

    public void Run()
    {
        for (var round = 0; round < 2; round++)
        {
            Load("add", _configuration, "warm", _calls / 3);
            Load("del", _configuration, "warm", _calls / 3);
        }
        Measure("no leases");
        Load("add", _configuration, "filled", Filled - _calls - Sequential);
        Measure("50,000 leases");
        if (_nodes.Count > 1)
            MeasureConflicts($"affinity none, {SharingConnections} connections: ", _sharing, "sharing", SharingCalls, SharingConnections);
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private void Measure(string when)
    {
        var prefix = when.Replace(" ", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        MeasureProcesses($"{when}: ", prefix);
        MeasureConflicts($"{when}: ", _configuration, prefix, _calls, Connections);
    }

    private void MeasureProcesses(string when, string prefix)
    {
        var samples = new Samples();
        _plugin.Run("ADD", $"{prefix}-first");
        var before = OperationCounter.Read(_store);
        for (var i = 0; i < Sequential; i++)
            samples.Add(_plugin.Run("ADD", $"{prefix}-p{i}"));
        Note($"{when}process ADD p50, ms", samples.P50);
        Note($"{when}process ADD p99, ms", samples.P99);
        NoteOperations($"{when}in sequence, ", before, Sequential);
    }

    private void MeasureConflicts(string when, string configuration, string prefix, int calls, int connections)
    {
        var before = OperationCounter.Read(_store);
        var (writes, conflicts) = Commits();
        Note($"{when}ADDs/s at saturation", Load("add", configuration, prefix, calls, connections));
        NoteOperations($"{when}at saturation, ", before, calls);
        var (writesAfter, conflictsAfter) = Commits();
        Note($"{when}conflicts, % of writes", 100 * (conflictsAfter - conflicts) / (writesAfter - writes));
    }

    private void NoteOperations(string when, Operations? before, int calls)
    {
        if (OperationCounter.Read(_store) - before is not { } made)
            return;
        Note($"{when}writes per ADD", made.Writes / calls);
        Note($"{when}reads per ADD", made.Reads / calls);
    }

    private void Note(string name, double value)
    {
        // All of them come as a table in the end, which takes minutes.
        Console.Error.WriteLine($"{_nodes.Count} nodes, {name}: {Table.Number(value)}");
        Figures[name] = value;
    }

    /// <summary>Calls a second.</summary>
    private double Load(string verb, string configuration, string prefix, int count, int connections = Connections) =>
        count / SocketLoad.Run(verb, [.. _nodes.Select(static node => node.Socket)], configuration, prefix, count, connections).TotalSeconds;

    private (double Blocks, double Conflicts) Commits()
    {
        var texts = _nodes.ConvertAll(Metrics);
        return (texts.Sum(static text => Sample(text, "ipam_commit_blocks_sum ")), texts.Sum(static text => Sample(text, "ipam_commit_conflicts_total ")));
    }

    private static double Sample(string text, string name)
    {
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    private static string Metrics(Ipamd node)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(node.Socket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        return http.GetStringAsync("http://ipamd/metrics").GetAwaiter().GetResult();
    }

    private string Write(string name, string keys)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $$"""
            {"cniVersion":"1.0.0","name":"bench","type":"bench",
            "ipam":{"type":"ipam","socket":"{{_nodes[0].Socket}}","spool":"{{_folder}}/0/spool",{{keys}}} }
            """);
        return path;
    }
}
