namespace Ipam.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What stands in it; empty for nothing.</param>
internal sealed record Column<T>(string Title, Func<T, string> Text);
