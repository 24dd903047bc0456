using System.Globalization;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Core.History;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.History;

/// <summary>How stories of leases are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class StoryView
{
    public static View<LeaseStory> Instance { get; } = new(
        Columns(static story => LeaseView.Container(story.Lease)),
        [
            .. Columns(static story => story.Lease.Owner.ContainerId),
            new("SPACE", static story => story.Lease.Space),
            new("NETWORK", static story => story.Lease.Owner.Network),
            new("INTERFACE", static story => LeaseView.Interface(story.Lease)),
            new("BEGUN BY", static story => story.Began?.By ?? ""),
            new("ENDED BY", static story => story.Ended?.By ?? ""),
            new("EVIDENCE", static story => story.Ended?.Evidence ?? ""),
            new("SEQUENCE", static story => story.Lease.Sequence.ToString(CultureInfo.InvariantCulture)),
            new("POD UID", static story => story.Lease.Pod?.Uid ?? ""),
        ],
        WriteFields);

    private static Column<LeaseStory>[] Columns(Func<LeaseStory, string> container) =>
    [
        new("ADDRESS", static story => story.Lease.Address.ToString()),
        new("BEGAN", static story => TimeText.Of(story.BeganAt)),
        new("ENDED", static story => story.EndedAt is { } end ? TimeText.Of(end) : story.EndIsUnknown ? StoryText.Unknown : ""),
        new("POD", static story => story.Lease.Pod?.ToString() ?? ""),
        new("CONTAINER", container),
        new("NODE", static story => story.Lease.Node),
        new("BEGIN", static story => StoryText.BeginOf(story)),
        new("END", static story => StoryText.EndOf(story) ?? ""),
    ];

    private static void WriteFields(LeaseStory story, IFieldWriter fields)
    {
        var lease = story.Lease;
        fields.Text("address", lease.Address.ToString());
        fields.Text("space", lease.Space);
        fields.Text("network", lease.Owner.Network);
        fields.Text("containerId", lease.Owner.ContainerId);
        fields.Text("interface", LeaseView.Interface(lease));
        fields.Text("podNamespace", lease.Pod?.Namespace);
        fields.Text("podName", lease.Pod?.Name);
        fields.Text("podUid", lease.Pod?.Uid);
        fields.Text("node", lease.Node);
        fields.Number("sequence", lease.Sequence);
        fields.Text("beganAt", TimeText.Of(story.BeganAt));
        fields.Text("begin", StoryText.BeginOf(story));
        fields.Text("begunBy", story.Began?.By);
        fields.Text("endedAt", story.EndedAt is { } end ? TimeText.Of(end) : null);
        fields.Text("end", StoryText.EndOf(story));
        fields.Text("endedBy", story.Ended?.By);
        fields.Text("evidence", story.Ended is { Evidence.Length: > 0 } ended ? ended.Evidence : null);
    }
}
