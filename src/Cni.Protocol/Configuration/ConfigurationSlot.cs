using System.Text;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>The last value found for one key while the head is read: what it was, and its text where it was one, or as it is written.</summary>
internal struct ConfigurationSlot
{
    private JsonValueKind _parent;
    private JsonValueKind _value;
    private bool _isUndecodable;

    /// <summary>The text, or the number as it is written, where one was found.</summary>
    public string? Text { get; private set; }

    /// <summary>Notes what stands where the value's object should be; what an earlier object gave is forgotten.</summary>
    public void EnterParent(JsonValueKind found) => (_parent, _value, _isUndecodable, Text) = (found, JsonValueKind.Undefined, false, null);

    /// <summary>Reads the value behind the current property name, which replaces an earlier one.</summary>
    public void Read(ref Utf8JsonReader json, JsonValueKind wanted = JsonValueKind.String)
    {
        json.Read();
        _value = StrictJson.Kind(json.TokenType);
        // True stands for both.
        if (wanted == JsonValueKind.True && _value == JsonValueKind.False)
            _value = JsonValueKind.True;
        Text = _value != wanted ? null : wanted == JsonValueKind.String ? StrictJson.TryGetText(ref json) : Encoding.ASCII.GetString(json.ValueSpan);
        _isUndecodable = _value == wanted && Text is null;
        StrictJson.SkipValue(ref json);
    }

    /// <summary>Throws code 6 when something else than a text, null or nothing was found at a key.</summary>
    public readonly void EnsureText(string key) => Ensure(key, JsonValueKind.String);

    /// <summary>The same for a key in an object, which must be one; the value must be of the key's kind.</summary>
    public readonly void Ensure(ConfigurationKey key)
    {
        JsonKeys.Ensure(_parent, JsonValueKind.Object, key.Parent, JsonSubject.Configuration);
        Ensure(key.Name, key.Kind);
    }

    private readonly void Ensure(string key, JsonValueKind kind)
    {
        JsonKeys.Ensure(_value, kind, key, JsonSubject.Configuration);
        if (_isUndecodable)
            throw JsonKeys.UndecodableText(key, JsonSubject.Configuration);
    }
}
