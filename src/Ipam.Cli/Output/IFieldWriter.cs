namespace Ipam.Cli.Output;

/// <summary>Takes the fields of one object. Keys are camelCase.</summary>
internal interface IFieldWriter
{
    /// <summary>A field with text, or without a value.</summary>
    void Text(string key, string? value);

    /// <summary>A field with a number.</summary>
    void Number(string key, long value);

    /// <summary>A field with a number of addresses, which may be larger than what most readers of JSON keep exactly.</summary>
    void Number(string key, UInt128 value);

    /// <summary>A field that is true or false.</summary>
    void Flag(string key, bool value);

    /// <summary>A field with a list of texts.</summary>
    void Texts(string key, IEnumerable<string> values);

    /// <summary>A field with texts by key; these keys are data.</summary>
    void Map(string key, IReadOnlyDictionary<string, string> values);

    /// <summary>A field with an object.</summary>
    void Object(string key, Action<IFieldWriter> write);

    /// <summary>A field with a list of objects.</summary>
    void Objects<TItem>(string key, IEnumerable<TItem> items, Action<TItem, IFieldWriter> write);
}
