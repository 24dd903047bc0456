namespace Ipam.Core.Administration;

/// <summary>What became of the release of one lease.</summary>
public enum ReleaseOutcome
{
    /// <summary>The lease was there and is gone now, durably.</summary>
    Released,

    /// <summary>Nobody holds the address any more: someone else released it before.</summary>
    AlreadyGone,

    /// <summary>The address was released and handed out anew, to another owner or to the same one again. It stays held.</summary>
    HeldByAnother,

    /// <summary>Others changed the same block at every try. The lease is still there.</summary>
    GaveUp,
}
