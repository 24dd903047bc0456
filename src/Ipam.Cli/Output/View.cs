namespace Ipam.Cli.Output;

/// <summary>How things of one kind are shown.</summary>
/// <param name="Columns">The columns of the table.</param>
/// <param name="AllColumns">The columns of the wide table.</param>
/// <param name="WriteFields">Writes the fields of JSON and YAML.</param>
internal sealed record View<T>(
    IReadOnlyList<Column<T>> Columns, IReadOnlyList<Column<T>> AllColumns, Action<T, IFieldWriter> WriteFields);

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What stands in it; empty for nothing.</param>
internal sealed record Column<T>(string Title, Func<T, string> Text);
