namespace Ipam.Cli.Output;

/// <summary>How things of one kind are shown.</summary>
/// <param name="Columns">The columns of the table.</param>
/// <param name="AllColumns">The columns of the wide table.</param>
/// <param name="WriteFields">Writes the fields of JSON and YAML.</param>
internal sealed record View<T>(
    IReadOnlyList<Column<T>> Columns, IReadOnlyList<Column<T>> AllColumns, Action<T, IFieldWriter> WriteFields);
