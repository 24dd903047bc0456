namespace Cni.Protocol;

/// <summary>
/// GC's list of what the runtime still knows (<c>cni.dev/valid-attachments</c>). A list that is absent or null is not an empty one:
/// taking it for one frees everything.
/// </summary>
/// <param name="Presence">Whether there is a list.</param>
/// <param name="Items">The list; empty when there is none.</param>
public sealed record ValidAttachments(ValidAttachmentsPresence Presence, IReadOnlyList<CniAttachment> Items);
