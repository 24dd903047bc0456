using Ipam.Cli.Terminal;

namespace Ipam.Cli.Output;

/// <summary>Prints each thing as a few lines: a column's title, then its cell. An empty line parts the things.</summary>
internal sealed class CardWriter<T>(IReadOnlyList<Column<T>> columns, TextWriter output) : IListWriter<T>
{
    private readonly int _width = columns.Max(static column => column.Title.Length) + 2;
    private bool _any;

    public void Add(T item)
    {
        if (_any)
            output.WriteLine();
        _any = true;
        foreach (var column in columns)
            output.WriteLine($"{column.Title.PadRight(_width)}{PrintableText.Cell(column.Text(item))}");
    }

    public void Complete() => output.Flush();
}
