using Ipam.Cli.Terminal;
using Spectre.Console;

namespace Ipam.Cli.Output;

/// <summary>
/// Prints a table as wide as a terminal at most: long cells are folded, but for the first column, by which things are called. A list of more than <see cref="MostRows"/>
/// things is none to look at: it comes as everywhere else, in lines that the terminal breaks.
/// </summary>
internal sealed class ScreenTable<T>(IReadOnlyList<Column<T>> columns, TextWriter output, Screen screen, bool withTitles) : IListWriter<T>
{
    /// <summary>More rows would take seconds to lay out.</summary>
    public const int MostRows = 1000;

    private const int Gap = 2;

    private readonly List<T> _items = [];
    private TableWriter<T>? _plain;

    public void Add(T item)
    {
        if (_plain is not null)
        {
            _plain.Add(item);
            return;
        }
        _items.Add(item);
        if (_items.Count <= MostRows)
            return;
        _plain = new TableWriter<T>(columns, output, withTitles);
        _items.ForEach(_plain.Add);
        _items.Clear();
    }

    public void Complete()
    {
        if (_plain is not null)
        {
            _plain.Complete();
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.HasStyles ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.HasStyles ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = screen.Width;
        console.Write(Layout());
        output.Flush();
    }

    private Table Layout()
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = withTitles };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(new Text(columns[i].Title, new Style(decoration: Decoration.Bold)))
            {
                NoWrap = i == 0,
                Padding = new Padding(0, 0, i < columns.Count - 1 ? Gap : 0, 0),
            });
        }
        foreach (var item in _items)
            table.AddRow(columns.Select(column => new Text(PrintableText.Cell(column.Text(item)))));
        return table;
    }
}
