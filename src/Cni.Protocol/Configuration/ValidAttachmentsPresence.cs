namespace Cni.Protocol;

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
