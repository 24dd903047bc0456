using System.Diagnostics;

namespace Ipam.Cli.Output;

/// <summary>Makes the writer of a format.</summary>
internal static class ListWriter
{
    private const int BufferSize = 1 << 16;

    public static IListWriter<T> Create<T>(OutputFormat format, View<T> view, Stream output, bool withTitles = true) => format switch
    {
        OutputFormat.Table => new TableWriter<T>(view.Columns, ToText(output), withTitles),
        OutputFormat.Wide => new TableWriter<T>(view.AllColumns, ToText(output), withTitles),
        OutputFormat.Text => new CardWriter<T>(view.AllColumns, ToText(output)),
        OutputFormat.Json => new JsonListWriter<T>(view, output),
        OutputFormat.Jsonl => new JsonListWriter<T>(view, output, inLines: true),
        OutputFormat.Yaml => new YamlListWriter<T>(view, ToText(output)),
        OutputFormat.Csv => new CsvWriter<T>(view.AllColumns, ToText(output), withTitles),
        OutputFormat.Name => new NameWriter<T>(view.Columns[0], ToText(output)),
        _ => throw new UnreachableException($"{format} has no writer"),
    };

    private static StreamWriter ToText(Stream output) => new(output, bufferSize: BufferSize);
}

/// <summary>Prints things one after the other.</summary>
internal interface IListWriter<in T>
{
    /// <summary>Prints one more, now or in the end.</summary>
    void Add(T item);

    /// <summary>Prints what is left, after the last.</summary>
    void Complete();
}
