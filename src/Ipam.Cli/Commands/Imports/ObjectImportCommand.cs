using System.CommandLine;
using System.Text;
using System.Text.Json;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.Imports;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary><c>ipamctl import whereabouts</c> and its like: of what another IPAM keeps in objects of a cluster's API.</summary>
internal sealed class ObjectImportCommand : ImportVerb
{
    /// <summary>Many times what 10,000 addresses take.</summary>
    private const int MostBytes = 256 << 20;

    private readonly IObjectReader _reader;
    private readonly Option<string[]> _files = new("--file", "-f")
    {
        Description = "What kubectl printed of the objects, as YAML or JSON; - for the input. May be given several times. [otherwise: the API of the store's cluster]",
        HelpName = "FILE|-",
    };

    private readonly Option<string> _network = new("--network")
    {
        Description = "The network's name in the new configuration, which DELs will name.",
        HelpName = "NAME",
    };

    private readonly Option<string> _interface = ImportOptions.Interface();
    private readonly Option<string> _node = new("--node") { Description = "The node of containers of which nothing says where they run. [otherwise: unknown]", HelpName = "NAME" };

    public ObjectImportCommand(CliEnvironment environment, StoreOptions store, IObjectReader reader, string product)
        : base(environment, store, reader.Name, $"Takes over what {product} has handed out: from its objects in the API, or from exported ones.", OutsidePoolsPolicy.Refuse)
    {
        _reader = reader;
        Add(_files);
        Add(_network);
        Add(_interface);
        Add(_node);
    }

    public override IReadOnlyList<string> Examples =>
    [
        $"ipamctl import {Name} --dry-run",
        $"kubectl get {string.Join(',', _reader.Kinds.Select(static kind => $"{kind.Plural}.{kind.Group}"))} -A -o yaml | ipamctl import {Name} -f - --network pods --interface eth0",
    ];

    protected override async Task<IReadOnlyList<FoundAddress>> ReadAsync(ParseResult arguments, IIpamStore store, CancellationToken cancellationToken)
    {
        var files = arguments.GetValue(_files) ?? [];
        var objects = files.Length > 0 ? [.. files.SelectMany(ReadFile)] : await ReadClusterAsync(store, cancellationToken);
        var known = _reader.Kinds.Select(static kind => kind.Kind).ToHashSet(StringComparer.Ordinal);
        if (files.Length > 0 && !objects.Any(one => known.Contains(one.Kind)))
            throw new UsageException($"there is no object of the kinds {string.Join(", ", known)} in {string.Join(", ", files)}");
        var pods = store.Cluster is { } cluster
            ? (await cluster.ListPodsAsync(cancellationToken)).ToDictionary(static pod => (pod.Namespace, pod.Name))
            : [];
        return _reader.Read(objects, new ObjectContext(Name, arguments.GetValue(_network), arguments.GetValue(_interface), arguments.GetValue(_node) ?? "unknown", (space, name) =>
            pods.GetValueOrDefault((space, name)) is { } pod ? (new PodReference(space, name, pod.Uids[0]), pod.Node) : null));
    }

    private List<ClusterObject> ReadFile(string path)
    {
        try
        {
            using var stream = path == "-" ? ReadInput() : new MemoryStream(UnixFile.Read(path, MostBytes, followLink: true));
            using var text = new StreamReader(stream, Encoding.UTF8);
            var found = new List<ClusterObject>();
            foreach (var document in DataNode.Parse(text))
            {
                // A list of objects has them as its items.
                var all = document["items"].Items is { Count: > 0 } items ? items : [document];
                found.AddRange(all.Where(static one => !one.IsEmpty).Select(one => new ClusterObject(one, path == "-" ? "" : path)));
            }
            return found;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"{(path == "-" ? "the input" : $"the file '{path}'")} can't be read: {e.Message}");
        }
    }

    private MemoryStream ReadInput()
    {
        var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (Environment.Input.Read(buffer) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
            if (content.Length > MostBytes)
                throw new InvalidDataException($"it has more than {MostBytes} bytes; give the objects in several files");
        }
        content.Position = 0;
        return content;
    }

    private async Task<List<ClusterObject>> ReadClusterAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        if (store.Objects is not { } api)
            throw new UsageException("the store belongs to no cluster, so that the objects must come from a file: give what kubectl prints by -f");
        var found = new List<ClusterObject>();
        foreach (var kind in _reader.Kinds)
        {
            if (await api.ListAsync(kind.Group, kind.Version, kind.Plural, cancellationToken) is not { } objects)
            {
                if (kind.IsOptional)
                    continue;
                throw new UsageException($"the cluster has no {kind.Plural}.{kind.Group}: is {Name} installed there?");
            }
            foreach (var text in objects)
            {
                using var json = JsonDocument.Parse(text);
                found.Add(new ClusterObject(DataNode.Of(json.RootElement), "", kind.Kind));
            }
        }
        return found;
    }
}
