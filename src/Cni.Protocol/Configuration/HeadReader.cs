using System.Text.Json;

namespace Cni.Protocol;

/// <summary>One pass over a plugin's stdin: checks all of it and picks out the few texts that are asked for. No DOM.</summary>
internal ref struct HeadReader
{
    private readonly ReadOnlySpan<ConfigurationKey> _keys;
    private readonly Span<ConfigurationSlot> _slots;
    private Utf8JsonReader _json;
    private ConfigurationSlot _name;
    private ConfigurationSlot _version;
    private ConfigurationSlot _type;
    private JsonValueKind _ipam;

    /// <param name="stdin">The bytes.</param>
    /// <param name="keys">The texts wanted from objects.</param>
    /// <param name="slots">Where they go, one for each key.</param>
    public HeadReader(ReadOnlySpan<byte> stdin, ReadOnlySpan<ConfigurationKey> keys, Span<ConfigurationSlot> slots)
    {
        StrictJson.CheckUtf8(stdin);
        _json = StrictJson.Reader(stdin);
        _keys = keys;
        _slots = slots;
    }

    public readonly string Name => _name.Text!;

    public readonly string VersionText => _version.Text ?? "";

    public readonly string? Type => _type.Text;

    /// <summary>Reads to the end. Throws <see cref="JsonException"/> for what isn't one JSON value, else as <see cref="Check"/>.</summary>
    public void Read()
    {
        _json.Read();
        var root = StrictJson.Kind(_json.TokenType);
        if (root == JsonValueKind.Object)
        {
            while (NextKey())
                ReadTopValue();
        }
        else
        {
            StrictJson.SkipValue(ref _json);
        }
        _json.Read();
        if (root is not (JsonValueKind.Object or JsonValueKind.Null))
            throw JsonKeys.NotAnObject(root, JsonSubject.Configuration);
        Check();
    }

    private bool NextKey()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    private void ReadTopValue()
    {
        if (StrictJson.KeyIs(ref _json, "name"))
            _name.Read(ref _json);
        else if (StrictJson.KeyIs(ref _json, "cniVersion"))
            _version.Read(ref _json);
        else if (StrictJson.KeyIs(ref _json, "type"))
            _type.Read(ref _json);
        else
            ReadOther();
    }

    private void ReadOther()
    {
        var key = _json;
        _json.Read();
        var found = StrictJson.Kind(_json.TokenType);
        if (StrictJson.KeyIs(ref key, "ipam"))
            _ipam = found;

        string? wanted = null;
        for (var i = 0; i < _keys.Length; i++)
        {
            if (!StrictJson.KeyIs(ref key, _keys[i].Parent))
                continue;
            wanted = _keys[i].Parent;
            _slots[i].EnterParent(found);
        }
        if (wanted is null || found != JsonValueKind.Object)
        {
            StrictJson.SkipValue(ref _json);
            return;
        }
        while (NextKey())
            ReadInner(wanted);
    }

    private void ReadInner(string parent)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i].Parent != parent || !StrictJson.KeyIs(ref _json, _keys[i].Name))
                continue;
            _slots[i].Read(ref _json, _keys[i].Kind);
            return;
        }
        StrictJson.SkipValue(ref _json);
    }

    /// <summary>In the reference library's order: name's type, name, and then the other types.</summary>
    private readonly void Check()
    {
        _name.EnsureText("name");
        CniIdentifier.CheckNetworkName(_name.Text);
        _version.EnsureText("cniVersion");
        _type.EnsureText("type");
        JsonKeys.Ensure(_ipam, JsonValueKind.Object, "ipam", JsonSubject.Configuration);
        for (var i = 0; i < _keys.Length; i++)
            _slots[i].Ensure(_keys[i]);
    }
}
