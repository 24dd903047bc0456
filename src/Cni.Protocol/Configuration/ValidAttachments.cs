namespace Cni.Protocol;

/// <summary>
/// GC's list of what the runtime still knows (<c>cni.dev/valid-attachments</c>). A list that is absent or null is not an empty one:
/// taking it for one frees everything.
/// </summary>
/// <param name="Presence">Whether there is a list.</param>
/// <param name="Items">The list; empty when there is none.</param>
public sealed record ValidAttachments(ValidAttachmentsPresence Presence, IReadOnlyList<CniAttachment> Items);

/// <summary>How a configuration gives GC's list of valid attachments.</summary>
public enum ValidAttachmentsPresence
{
    /// <summary>Neither key is there.</summary>
    Absent,

    /// <summary>A key is there with null, which a Go runtime writes for a list it never made.</summary>
    Null,

    /// <summary>There is a list, maybe an empty one.</summary>
    Given,
}
