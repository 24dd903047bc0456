using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Leases;

/// <summary>How leases are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class LeaseView
{
    // As much of a container id as 'docker ps' and 'crictl ps' show is enough to tell it.
    private const int ShortContainerId = 13;

    private const string Age = "AGE";

    /// <summary>The view at an instant, from which ages are counted.</summary>
    public static View<Lease> At(DateTimeOffset now)
    {
        var columns = Columns(now, Container);
        Column<Lease>[] all =
        [
            .. Columns(now, static lease => lease.Owner.ContainerId),
            new("SEQUENCE", static lease => lease.Sequence.ToString(CultureInfo.InvariantCulture)),
            new("NETNS", static lease => lease.NetworkNamespace),
            new("ACQUIRED", static lease => TimeText.Of(lease.AcquiredAt)),
            new("POD UID", static lease => lease.Pod?.Uid ?? ""),
        ];
        return new View<Lease>(columns, all, WriteFields);
    }

    /// <summary>The view for what is looked at later: times instead of ages.</summary>
    public static View<Lease> Lasting
    {
        get
        {
            var view = At(default);
            var all = view.AllColumns.Where(static column => column.Title != Age).ToList();
            return view with { Columns = [.. view.Columns.Where(static column => column.Title != Age), all.Single(static column => column.Title == "ACQUIRED")], AllColumns = all };
        }
    }

    private static Column<Lease>[] Columns(DateTimeOffset now, Func<Lease, string> container) =>
    [
        new("ADDRESS", static lease => lease.Address.ToString()),
        new("SPACE", static lease => lease.Space),
        new("NETWORK", static lease => lease.Owner.Network),
        new("CONTAINER", container),
        new("INTERFACE", Interface),
        new("POD", static lease => lease.Pod?.ToString() ?? ""),
        new("NODE", static lease => lease.Node),
        new(Age, lease => AgeText.Of(now - lease.AcquiredAt)),
    ];

    /// <summary>What is outside has no interface that anybody knows of.</summary>
    public static string Interface(Lease lease) => lease.Owner.IsOutside ? "" : lease.StickyInterface?.InterfaceName ?? lease.Owner.InterfaceName;

    /// <summary>The container in a table.</summary>
    public static string Container(Lease lease) =>
        !lease.Owner.IsContainer || lease.Owner.ContainerId.Length <= ShortContainerId ? lease.Owner.ContainerId : lease.Owner.ContainerId[..ShortContainerId];

    /// <summary>The fields of JSON and YAML.</summary>
    public static void WriteFields(Lease lease, IFieldWriter fields)
    {
        fields.Text("address", lease.Address.ToString());
        fields.Text("space", lease.Space);
        fields.Text("network", lease.Owner.Network);
        fields.Text("containerId", lease.Owner.ContainerId);
        fields.Text("interface", Interface(lease));
        fields.Number("entry", lease.Entry);
        fields.Text("podNamespace", lease.Pod?.Namespace);
        fields.Text("podName", lease.Pod?.Name);
        fields.Text("podUid", lease.Pod?.Uid);
        fields.Text("node", lease.Node);
        fields.Text("netns", lease.NetworkNamespace);
        fields.Number("sequence", lease.Sequence);
        fields.Text("acquiredAt", TimeText.Of(lease.AcquiredAt));
        if (lease.Sticky is not { } mark)
            return;
        fields.Text("sticky", mark.Owner.ToString());
        if (mark.Lasts is { } lasts)
            fields.Number("stickySeconds", (long)lasts.TotalSeconds);
    }
}
