using System.Globalization;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;
using Ipam.Core.History;

namespace Ipam.Cli.Commands.History;

/// <summary>How stories of leases are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class StoryView
{
    private const string Unknown = "unknown";

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
        new("ENDED", static story => story.EndedAt is { } end ? TimeText.Of(end) : story.EndIsUnknown ? Unknown : ""),
        new("POD", static story => story.Lease.Pod?.ToString() ?? ""),
        new("CONTAINER", container),
        new("NODE", static story => story.Lease.Node),
        new("BEGIN", static story => Word(story.Began)),
        new("END", static story => Word(story) ?? ""),
    ];

    private static string Word(BeginReason? reason) => reason?.Cause switch
    {
        null => Unknown,
        BeginCause.Add => "add",
        BeginCause.Moved => "moved",
        BeginCause.Renewed => "renewed",
        BeginCause.Conflict => "conflict",
        BeginCause.Static => "static",
        BeginCause.Import => "import",
        BeginCause.Restore => "restore",
        BeginCause.Reassertion => "reassertion",
        BeginCause.Kept => "kept",
        // That of a newer program.
        { } other => other.ToString(),
    };

    /// <summary>Null while it is held.</summary>
    private static string? Word(LeaseStory story) => story.Ended?.Cause switch
    {
        null => story.EndIsUnknown ? Unknown : null,
        ReleaseCause.Del => "del",
        ReleaseCause.Gc => "gc",
        ReleaseCause.Reconciliation => "reconciliation",
        ReleaseCause.Admin => "admin",
        ReleaseCause.Expiry => "expiry",
        ReleaseCause.InUse => "in-use",
        ReleaseCause.Replaced => "replaced",
        ReleaseCause.GivenBack => "given-back",
        { } other => other.ToString(),
    };

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
        fields.Text("begin", Word(story.Began));
        fields.Text("begunBy", story.Began?.By);
        fields.Text("endedAt", story.EndedAt is { } end ? TimeText.Of(end) : null);
        fields.Text("end", Word(story));
        fields.Text("endedBy", story.Ended?.By);
        fields.Text("evidence", story.Ended is { Evidence.Length: > 0 } ended ? ended.Evidence : null);
    }
}
