namespace Ipam.Cli.Output;

/// <summary>Takes the fields of one object. Keys are camelCase.</summary>
internal interface IFieldWriter
{
    /// <summary>A field with text, or without a value.</summary>
    void Text(string key, string? value);

    /// <summary>A field with a number.</summary>
    void Number(string key, long value);
}
