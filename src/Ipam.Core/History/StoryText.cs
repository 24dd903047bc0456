using Ipam.Core.Blocks;

namespace Ipam.Core.History;

/// <summary>Why a lease began and ended, in a word each. The words are a contract with scripts.</summary>
public static class StoryText
{
    /// <summary>The word for what isn't kept.</summary>
    public const string Unknown = "unknown";

    /// <summary>Why it began.</summary>
    public static string BeginOf(LeaseStory story) => story.Began?.Cause switch
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

    /// <summary>Why it ended; null while it is held.</summary>
    public static string? EndOf(LeaseStory story) => story.Ended?.Cause switch
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
}
