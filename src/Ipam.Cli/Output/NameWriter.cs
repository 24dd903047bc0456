using Ipam.Cli.Terminal;

namespace Ipam.Cli.Output;

/// <summary>Prints a line with the name of each thing.</summary>
internal sealed class NameWriter<T>(Column<T> name, TextWriter output) : IListWriter<T>
{
    public void Add(T item) => output.WriteLine(PrintableText.Of(name.Text(item)));

    public void Complete() => output.Flush();
}
