using Ipam.Cli.Terminal;

namespace Ipam.Cli.Output;

/// <summary>Prints comma-separated values (RFC 4180). Nothing stands for nothing.</summary>
internal sealed class CsvWriter<T> : IListWriter<T>
{
    private readonly IReadOnlyList<Column<T>> _columns;
    private readonly TextWriter _output;

    public CsvWriter(IReadOnlyList<Column<T>> columns, TextWriter output, bool withTitles)
    {
        _columns = columns;
        _output = output;
        if (withTitles)
            Write(static column => column.Title);
    }

    public void Add(T item) => Write(column => column.Text(item));

    public void Complete() => _output.Flush();

    private void Write(Func<Column<T>, string> text)
    {
        _output.Write(string.Join(',', _columns.Select(column => Quote(PrintableText.Of(text(column))))));
        _output.Write("\r\n");
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(',', '"') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
