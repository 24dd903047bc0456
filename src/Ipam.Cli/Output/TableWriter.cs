using Ipam.Cli.Terminal;

namespace Ipam.Cli.Output;

/// <summary>
/// Prints a table. It keeps all cells until it is completed, because the widest decides a column's width. Rows that are added after that continue the table when it is completed again.
/// </summary>
internal sealed class TableWriter<T>(IReadOnlyList<Column<T>> columns, TextWriter output, bool withTitles) : IListWriter<T>
{
    private const int Gap = 2;

    private readonly List<string[]> _rows = [];
    private bool _hasTitles = !withTitles;
    private readonly int[] _widths = columns.Select(column => withTitles ? column.Title.Length : 0).ToArray();

    public void Add(T item)
    {
        var row = new string[columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = PrintableText.Cell(columns[i].Text(item));
            _widths[i] = Math.Max(_widths[i], row[i].Length);
        }
        _rows.Add(row);
    }

    public void Complete()
    {
        if (!_hasTitles)
            Write(columns.Select(static column => column.Title).ToArray());
        _hasTitles = true;
        foreach (var row in _rows)
            Write(row);
        _rows.Clear();
        output.Flush();
    }

    private void Write(string[] row)
    {
        for (var i = 0; i < row.Length - 1; i++)
        {
            output.Write(row[i]);
            for (var padding = _widths[i] + Gap - row[i].Length; padding > 0; padding--)
                output.Write(' ');
        }
        output.WriteLine(row[^1]);
    }
}
