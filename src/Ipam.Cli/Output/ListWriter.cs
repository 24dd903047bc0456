using System.Diagnostics;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Output;

/// <summary>Makes the writer of a format.</summary>
internal static class ListWriter
{
    private const int BufferSize = 1 << 16;

    public static IListWriter<T> Create<T>(OutputFormat format, View<T> view, CliEnvironment environment, bool withTitles = true) => format switch
    {
        OutputFormat.Table => Table(view.Columns, environment, withTitles),
        OutputFormat.Wide => Table(view.AllColumns, environment, withTitles),
        OutputFormat.Text => new CardWriter<T>(view.AllColumns, ToText(environment.Output)),
        OutputFormat.Json => new JsonListWriter<T>(view, environment.Output),
        OutputFormat.Jsonl => new JsonListWriter<T>(view, environment.Output, inLines: true),
        OutputFormat.Yaml => new YamlListWriter<T>(view, ToText(environment.Output)),
        OutputFormat.Csv => new CsvWriter<T>(view.AllColumns, ToText(environment.Output), withTitles),
        OutputFormat.Name => new NameWriter<T>(view.Columns[0], ToText(environment.Output)),
        _ => throw new UnreachableException($"{format} has no writer"),
    };

    private static IListWriter<T> Table<T>(IReadOnlyList<Column<T>> columns, CliEnvironment environment, bool withTitles) => environment.Screen is { } screen
        ? new ScreenTable<T>(columns, ToText(environment.Output), screen(), withTitles)
        : new TableWriter<T>(columns, ToText(environment.Output), withTitles);

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
