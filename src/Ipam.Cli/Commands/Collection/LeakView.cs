using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Collection;

/// <summary>How leaks are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class LeakView
{
    public static View<Leak> Create()
    {
        Column<Leak>[] columns =
        [
            new("ADDRESS", static leak => leak.Lease.Address.ToString()),
            new("SPACE", static leak => leak.Lease.Space),
            new("NODE", static leak => leak.Lease.Node),
            new("POD", static leak => leak.Lease.Pod?.ToString() ?? ""),
            new("STATE", static leak => leak.State),
            new("BECAUSE", static leak => leak.Because),
        ];
        return new View<Leak>(columns, columns, WriteFields);
    }

    private static void WriteFields(Leak leak, IFieldWriter fields)
    {
        LeaseView.WriteFields(leak.Lease, fields);
        fields.Text("state", leak.State);
        fields.Text("because", leak.Because);
    }
}

/// <summary>A lease whose owner seems to be gone.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="State">What became of it.</param>
/// <param name="Because">What shows that its owner is gone.</param>
internal sealed record Leak(Lease Lease, string State, string Because);
