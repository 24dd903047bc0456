namespace Ipam.Core.Blocks;

/// <summary>Why a lease began, and who began it.</summary>
/// <param name="Cause">What began it.</param>
/// <param name="By">Who began it: the node of the ipamd, or the admin's name.</param>
public readonly record struct BeginReason(BeginCause Cause, string By);

/// <summary>What began a lease. Stores keep the numbers: none ever means something else.</summary>
public enum BeginCause
{
    /// <summary>The runtime's ADD.</summary>
    Add = 0,

    /// <summary>An ADD of the pod's new sandbox took the lease of the former one over.</summary>
    Moved = 1,

    /// <summary>A repeated ADD of the same owner, with something new to note.</summary>
    Renewed = 2,

    /// <summary>Somebody on the wire answered for the address: it is set aside for a while.</summary>
    Conflict = 3,

    /// <summary>A person, for something outside.</summary>
    Static = 4,

    /// <summary>It was taken over from another IPAM, or from what runs.</summary>
    Import = 5,

    /// <summary>It was written back from an export.</summary>
    Restore = 6,

    /// <summary>The store had lost it, and its node wrote it again.</summary>
    Reassertion = 7,

    /// <summary>Its container went, and a sticky owner keeps the address.</summary>
    Kept = 8,
}
