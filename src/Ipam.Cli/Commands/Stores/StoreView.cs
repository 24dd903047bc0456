using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Stores;

/// <summary>How a store is shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class StoreView
{
    public static View<StoreStanding> Create()
    {
        Column<StoreStanding>[] columns =
        [
            new("STORE", static store => store.Description),
            new("IDENTITY", static store => store.Past.Identity),
            new("REVISION", static store => store.Past.Revision.ToString(CultureInfo.InvariantCulture)),
            new("LOSS ACCEPTED", static store => store.Past.IsAccepted ? "yes" : "no"),
            new("NODES", static store => string.Join(", ", store.Asserted)),
            new("MISSING", static store => string.Join(", ", store.Missing)),
        ];
        return new View<StoreStanding>(columns, columns, WriteFields);
    }

    private static void WriteFields(StoreStanding store, IFieldWriter fields)
    {
        fields.Text("store", store.Description);
        fields.Text("identity", store.Past.Identity);
        fields.Number("revision", store.Past.Revision);
        fields.Text("lossAccepted", store.Past.IsAccepted ? "yes" : "no");
        fields.Text("nodes", string.Join(',', store.Asserted));
        fields.Text("missing", string.Join(',', store.Missing));
    }
}
