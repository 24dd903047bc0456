using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;

namespace Ipam.Bench.Stores;

/// <summary>Some nodes, each with its ipamd, that share a store of their own.</summary>
internal sealed class StoreNodes : IDisposable
{
    private const int Connections = 256;

    private readonly string _folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-stores-{Guid.NewGuid():N}"[..34]).FullName;
    private readonly List<Ipamd> _nodes = [];
    private readonly SharedStore _store;
    private readonly string _configuration;
    private readonly Contender _plugin;

    /// <summary>Starts the store's server, if it has one, and the nodes.</summary>
    /// <param name="kind">The store.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="options">More options of each ipamd.</param>
    public StoreNodes(string kind, int nodes, params string[] options)
    {
        _store = SharedStore.Start(kind);
        for (var i = 0; i < nodes; i++)
        {
            var folder = Directory.CreateDirectory($"{_folder}/{i}").FullName;
            _nodes.Add(Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder, _store.Url, $"node-{i}", options));
        }
        // As nodes that share a store have it unless told otherwise; one alone on SQLite doesn't.
        var affinity = nodes > 1 ? ", \"affinity\": \"node\"" : "";
        _configuration = Write("ranges.conf", $"\"subnet\": \"10.0.0.0/8\"{affinity}");
        _plugin = new Contender("ipam", Folders.Artifact("cni/ipam"), _configuration);
    }

    /// <summary>The nodes' sockets.</summary>
    public string[] Sockets => [.. _nodes.Select(static node => node.Socket)];

    /// <summary>Writes another configuration with these keys, and returns its path.</summary>
    public string Configuration(string name, string keys) => Write(name, keys);

    /// <summary>One call by a plugin, on the first node.</summary>
    public TimeSpan Call(string verb, string container) => _plugin.Run(verb, container);

    /// <summary>Calls through the sockets of all nodes, many at once; returns how many a second.</summary>
    public double Load(string verb, string prefix, int count) => Load(verb, _configuration, prefix, count, Connections);

    /// <summary>What the store's server has been asked so far; null for SQLite, which has none.</summary>
    public Operations? Operations() => OperationCounter.Read(_store.Url);

    /// <summary>What all nodes have written so far.</summary>
    public Commits Commits()
    {
        var texts = _nodes.ConvertAll(Metrics);
        return new Commits(texts.Sum(static text => Sample(text, "ipamsuite_commit_blocks_sum ")), texts.Sum(static text => Sample(text, "ipamsuite_commit_conflicts_total ")));
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The same under another configuration, so many at once.</summary>
    public double Load(string verb, string configuration, string prefix, int count, int connections, Samples? samples = null) =>
        count / SocketLoad.Run(verb, Sockets, configuration, prefix, count, connections, samples).TotalSeconds;

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
