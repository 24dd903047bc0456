using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>The first line of an export.</summary>
/// <param name="Store">The store that it was made of.</param>
/// <param name="Identity">Which data that store had.</param>
/// <param name="Time">When it was begun, by the clock of the machine that made it.</param>
internal sealed record ExportHeader(string Store, string Identity, DateTimeOffset Time)
{
    public const string Kind = "ipam-export";

    /// <summary>The version of the format; another one is a contract of its own.</summary>
    public const long Format = 1;

    public static async Task<ExportHeader> OfAsync(IIpamStore store, TimeProvider time, CancellationToken cancellationToken) =>
        new(store.Description, (await store.Past.ReadAsync(cancellationToken)).Identity, time.GetUtcNow());

    public void Write(IFieldWriter fields)
    {
        fields.Text("kind", Kind);
        fields.Number("format", Format);
        fields.Text("version", ProgramVersion.Text);
        fields.Text("store", Store);
        fields.Text("identity", Identity);
        fields.Text("time", TimeText.Of(Time));
    }

    /// <exception cref="FormatException">The line is no header, or one of a format that this program can't read.</exception>
    public static ExportHeader Read(ExportLine line)
    {
        if (line.Kind != Kind)
            throw line.Wrong($"it is of the kind '{line.Kind}', and an export begins with one of the kind '{Kind}'");
        return line.Number("format") is Format
            ? new ExportHeader(line.Text("store"), line.Text("identity"), line.Time("time"))
            : throw line.Wrong($"its format is {line.Number("format")}, and this program reads {Format}; use the ipamctl that wrote it, or a newer one");
    }
}
