using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Spaces;

/// <summary>How spaces are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class SpaceView
{
    public static View<SpaceUsage> Create()
    {
        Column<SpaceUsage>[] columns =
        [
            new("SPACE", static usage => usage.Space),
            new("FAMILY", static usage => FamilyName(usage.Family)),
            new("BLOCKS", static usage => usage.Blocks.ToString(CultureInfo.InvariantCulture)),
            new("HELD", static usage => usage.Held.ToString(CultureInfo.InvariantCulture)),
        ];
        return new View<SpaceUsage>(columns, columns, WriteFields);
    }

    private static string FamilyName(IpFamily family) => family == IpFamily.V4 ? "ipv4" : "ipv6";

    private static void WriteFields(SpaceUsage usage, IFieldWriter fields)
    {
        fields.Text("space", usage.Space);
        fields.Text("family", FamilyName(usage.Family));
        fields.Number("blocks", usage.Blocks);
        fields.Number("held", usage.Held);
    }
}
