using System.Globalization;
using System.Text.Json;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.History;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Text;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>Reads a block from an IPBlock, and its summary from the IPBlock's metadata.</summary>
internal ref struct BlockReader
{
    private string? _name;
    private string? _version;
    private string? _labelSpace;
    private string? _fullSpace;
    private string? _noteNode;
    private string? _held;
    private string? _space;
    private string? _node;
    private long _lastSequence;
    private int _lastOffset;
    private List<LeaseCommons>? _commons;
    private List<CoolingAddress>? _cooling;
    private List<EndToNote>? _ends;

    private List<string>? _nodes;

    /// <summary>Where the leases begin: they are read when it is known what they have in common.</summary>
    private Utf8JsonReader _leases;

    /// <summary>
    /// The block of an object, damaged if the object isn't as this program writes them. The reader stands at its beginning, and afterwards at its end.
    /// </summary>
    public static Named<Block> Read(ref Utf8JsonReader json)
    {
        var start = json;
        var reader = new BlockReader { _lastOffset = -1 };
        try
        {
            reader.ReadObject(ref json);
            var id = BlockName.Parse(reader.Name, reader._space ?? throw Missing("space"));
            var block = new Block(id, reader.ReadLeases(id))
            {
                Node = reader._node,
                Version = reader.Version,
                LastSequence = reader._lastSequence,
                LastOffset = reader._lastOffset,
                Cooling = reader._cooling?.ToArray() ?? [],
                EndsToNote = reader._ends?.ToArray() ?? [],
            };
            // What summaries and listings go by must say the same.
            if (reader._noteNode != block.Node)
                throw new InvalidDataException($"the annotation {BlockLabels.OwnerNode} is '{reader._noteNode}', and the node is '{block.Node}'");
            if (reader._labelSpace != SafeName.Of(id.Space))
                throw new InvalidDataException($"the label {BlockLabels.Space} is '{reader._labelSpace}', and the space is '{id.Space}'");
            foreach (var label in BlockLabels.OfNodes(block))
                reader.EnsureHas(label);
            return new Named<Block>(reader.Name, StoredData.EnsureWhole(block, reader.Held));
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            return reader.Damaged<Block>(e, start, ref json);
        }
    }

    /// <summary>
    /// The summary of an object that may be without its spec, damaged if it isn't as this program writes them. The reader stands at its beginning,
    /// and afterwards at its end.
    /// </summary>
    public static Named<BlockSummary> ReadSummary(ref Utf8JsonReader json)
    {
        var start = json;
        var reader = new BlockReader();
        try
        {
            reader.ReadObject(ref json);
            var id = BlockName.Parse(reader.Name, reader._fullSpace ?? reader._labelSpace ?? throw Missing($"label {BlockLabels.Space}"));
            reader.EnsureHas(reader._noteNode is { } node ? BlockLabels.OfNode(node) : BlockLabels.Shared);
            return new Named<BlockSummary>(reader.Name, new BlockSummary(id, reader.Version, reader._noteNode, reader.Held));
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            return reader.Damaged<BlockSummary>(e, start, ref json);
        }
    }

    private readonly string Name => _name ?? throw Missing("metadata.name");

    private readonly long Version => ObjectMeta.Number(_version ?? "", Name);

    private readonly ulong Held => _held is null ? throw Missing($"annotation {BlockLabels.Held}")
        : ulong.TryParse(_held, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var held) ? held
        : throw new InvalidDataException($"the annotation {BlockLabels.Held} is '{_held}', and 1 to 16 hexadecimal digits were expected");

    private static InvalidDataException Missing(string what) => new($"{what} is missing");

    private readonly void EnsureHas(string label)
    {
        if (_nodes?.Contains(label) != true)
            throw Missing($"label {label}");
    }

    /// <summary>Goes on behind an object that can't be read.</summary>
    private readonly Named<T> Damaged<T>(Exception e, Utf8JsonReader start, ref Utf8JsonReader json)
    {
        json = start;
        var item = JsonElement.ParseValue(ref json);
        var name = item.GetProperty("metadata").GetProperty("name").GetString() ?? throw Missing("metadata.name");
        var why = $"the IPBlock {name} is damaged: {StoredData.Why(e)}; look at it with 'kubectl get ipblock {name} -o yaml', and repair or delete it";
        return new Named<T>(name, default) { Damage = new DamagedBlock(BlockName.Find(name, _fullSpace, _space, _labelSpace), why), Text = item.GetRawText() };
    }

    private void ReadObject(ref Utf8JsonReader json)
    {
        while (json.NextProperty())
        {
            if (json.Is("metadata"u8))
                ReadMetadata(ref json);
            else if (json.Is("spec"u8))
                ReadSpec(ref json);
            else
                json.Skip();
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (json.Is("name"u8))
                _name = json.Text();
            else if (json.Is("resourceVersion"u8))
                _version = json.Text();
            else if (json.Is("labels"u8))
                ReadNotes(ref json);
            else if (json.Is("annotations"u8))
                ReadNotes(ref json);
            else
                json.Skip();
        }
    }

    /// <summary>Labels and annotations; their names differ.</summary>
    private void ReadNotes(ref Utf8JsonReader json)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (json.ValueTextEquals(BlockLabels.Space) && json.Read())
                _labelSpace = json.Text();
            else if (json.ValueTextEquals(BlockLabels.FullSpace) && json.Read())
                _fullSpace = json.Text();
            else if (json.ValueTextEquals(BlockLabels.OwnerNode) && json.Read())
                _noteNode = json.Text();
            else if (json.ValueTextEquals(BlockLabels.Held) && json.Read())
                _held = json.Text();
            else
                ReadNodeLabel(ref json);
        }
    }

    private void ReadNodeLabel(ref Utf8JsonReader json)
    {
        if (BlockLabels.IsOfNode(json.ValueSpan))
            (_nodes ??= []).Add(json.GetString()!);
        json.Skip();
    }

    private void ReadSpec(ref Utf8JsonReader json)
    {
        if (!json.BeginsObject())
            return;
        while (json.NextProperty())
        {
            if (json.Is("space"u8))
                _space = json.Text();
            else if (json.Is("node"u8))
                _node = json.Text();
            else if (json.Is("lastSequence"u8))
                _lastSequence = json.Number();
            else if (json.Is("lastOffset"u8))
                _lastOffset = checked((int)json.Number());
            else if (json.Is("resting"u8))
                ReadCooling(ref json);
            else if (json.Is("ended"u8))
                ReadEnds(ref json);
            else if (json.Is("common"u8))
                ReadCommons(ref json);
            else if (json.Is("leases"u8))
                SkipLeases(ref json);
            else
                json.Skip();
        }
    }

    private void SkipLeases(ref Utf8JsonReader json)
    {
        _leases = json;
        json.Skip();
    }

    private void ReadCooling(ref Utf8JsonReader json)
    {
        if (!json.BeginsArray())
            return;
        _cooling = [];
        while (json.NextItem())
            _cooling.Add(CoolingText.Parse(json.Text()));
    }

    private void ReadEnds(ref Utf8JsonReader json)
    {
        if (!json.BeginsArray())
            return;
        _ends = [];
        var strings = new StringPool();
        while (json.NextItem())
        {
            if (json.TokenType == JsonTokenType.String && json.TryGetBytesFromBase64(out var written))
                ReadEnd(written, strings);
        }
    }

    private readonly void ReadEnd(byte[] written, StringPool strings)
    {
        try
        {
            foreach (var one in EventReader.ReadAll(written, strings))
            {
                if (one.Ended is { } reason)
                    _ends!.Add(new EndToNote(new EndedLease(one.Lease, reason), one.At));
            }
        }
        catch (Exception e) when (StoredData.IsUnreadable(e))
        {
            // Nothing is decided by ends: one that can't be read is no reason to call a block damaged.
        }
    }

    private void ReadCommons(ref Utf8JsonReader json)
    {
        if (!json.BeginsArray())
            return;
        _commons = [];
        while (json.NextItem())
        {
            if (json.BeginsObject())
                _commons.Add(ReadCommon(ref json));
        }
    }

    private static LeaseCommons ReadCommon(ref Utf8JsonReader json)
    {
        var common = new LeaseCommons("", "", "", null, "", 0);
        while (json.NextProperty())
        {
            if (json.Is("network"u8))
                common = common with { Network = json.Text() };
            else if (json.Is("interface"u8))
                common = common with { Interface = json.Text() };
            else if (json.Is("node"u8))
                common = common with { Node = json.Text() };
            else if (json.Is("namespace"u8))
                common = common with { PodNamespace = json.Text() };
            else if (json.Is("netns"u8))
                common = common with { NetnsStart = json.Text() };
            else if (json.Is("cooldownSeconds"u8))
                common = common with { CooldownSeconds = json.Number() };
            else
                json.Skip();
        }
        return common;
    }

    private List<Lease> ReadLeases(BlockId id)
    {
        var leases = new List<Lease>(BlockId.Size);
        if (_leases.TokenType != JsonTokenType.StartArray)
            return leases;
        while (_leases.NextItem())
        {
            if (_leases.TokenType != JsonTokenType.String)
                throw new InvalidDataException($"a lease is {_leases.TokenType}, not a text");
            if (!_leases.ValueIsEscaped)
            {
                leases.Add(LeaseText.Parse(_leases.ValueSpan, id, _commons));
                continue;
            }
            var line = new byte[_leases.ValueSpan.Length];
            leases.Add(LeaseText.Parse(line.AsSpan(0, _leases.CopyString(line)), id, _commons));
        }
        return leases;
    }
}
