namespace Ipam.Core.Blocks;

/// <summary>Why a lease ended, and who ended it.</summary>
/// <param name="Cause">What ended it.</param>
/// <param name="By">Who ended it: the node of the ipamd, or the admin's name.</param>
/// <param name="Evidence">What showed that the owner is gone, if somebody had to find that out. Otherwise empty.</param>
public sealed record ReleaseReason(ReleaseCause Cause, string By, string Evidence = "")
{
    /// <summary>Whether only a container's time is over, so that a sticky owner keeps the address.</summary>
    public bool IsOfContainer => Cause is ReleaseCause.Del or ReleaseCause.Gc or ReleaseCause.Reconciliation;

    /// <inheritdoc/>
    public override string ToString() => Evidence.Length == 0 ? $"{Cause} by {By}" : $"{Cause} by {By}: {Evidence}";
}

/// <summary>What ended a lease. Stores keep the numbers: none ever means something else.</summary>
public enum ReleaseCause
{
    /// <summary>The runtime's DEL, at once or out of the spool.</summary>
    Del = 0,

    /// <summary>The runtime's GC: the attachment wasn't in its list.</summary>
    Gc = 1,

    /// <summary>Reconciliation: the evidence said that the owner is gone.</summary>
    Reconciliation = 2,

    /// <summary>A person, by the admin CLI.</summary>
    Admin = 3,

    /// <summary>Its time was over.</summary>
    Expiry = 4,

    /// <summary>Somebody on the wire answered for the address, and has it from now on.</summary>
    InUse = 5,

    /// <summary>Another lease took its place.</summary>
    Replaced = 6,

    /// <summary>The request that took it failed or was given up: nobody was ever told of the address.</summary>
    GivenBack = 7,
}
