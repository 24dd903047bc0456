using Ipam.Cli.Output;
using Ipam.Core.Imports;

namespace Ipam.Cli.Commands.Imports;

/// <summary>How the plan of an import is shown. Titles, keys, words of states and their order are a contract with scripts.</summary>
internal static class PlannedView
{
    public static View<PlannedAddress> Of(string space)
    {
        Column<PlannedAddress>[] columns =
        [
            new("ADDRESS", static planned => planned.Found.Address?.ToString() ?? ""),
            new("STATE", static planned => Word(planned.State)),
            new("NETWORK", static planned => planned.Found.Network),
            new("OWNER", static planned => planned.Found.Owner?.ToString() ?? ""),
            new("POD", static planned => planned.Found.Pod?.ToString() ?? ""),
            new("NODE", static planned => planned.Found.Node),
            new("FOUND IN", static planned => planned.Found.Where),
            new("BECAUSE", static planned => planned.Because),
        ];
        return new View<PlannedAddress>(columns, columns, (planned, fields) => Write(space, planned, fields));
    }

    public static string Word(ImportState state) => state switch
    {
        ImportState.OutsidePools => "outside-pools",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static void Write(string space, PlannedAddress planned, IFieldWriter fields)
    {
        var found = planned.Found;
        fields.Text("address", found.Address?.ToString());
        fields.Text("state", Word(planned.State));
        fields.Text("space", space);
        fields.Text("importedNetwork", found.Network);
        fields.Text("network", found.Owner?.Network);
        fields.Text("containerId", found.Owner?.ContainerId);
        fields.Text("interface", found.Owner?.InterfaceName);
        fields.Text("podNamespace", found.Pod?.Namespace);
        fields.Text("podName", found.Pod?.Name);
        fields.Text("podUid", found.Pod?.Uid);
        fields.Text("node", found.Node);
        fields.Text("foundIn", found.Where);
        fields.Text("because", planned.Because);
    }
}
