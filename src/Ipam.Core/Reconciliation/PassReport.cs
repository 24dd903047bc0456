using Ipam.Core.Blocks;

namespace Ipam.Core.Reconciliation;

/// <summary>A lease that is to be released, unless a fresh look at its owner says otherwise.</summary>
/// <param name="Lease">The lease; the release must name its sequence.</param>
/// <param name="Source">The source that says so.</param>
/// <param name="Evidence">What its last reading said.</param>
/// <param name="First">What its first reading said.</param>
/// <param name="Apart">How long after the first reading the last one began; zero for decisive evidence, which takes one.</param>
public sealed record LeakRelease(Lease Lease, string Source, Evidence Evidence, string First, TimeSpan Apart)
{
    /// <summary>Both readings in words.</summary>
    public string Because => Evidence.IsDecisive ? $"{Source}: {Evidence.Finding}"
        : First == Evidence.Finding ? $"{Source}: {Evidence.Finding}, for at least {Apart.TotalSeconds:0} s"
        : $"{Source}: {First}, and {Apart.TotalSeconds:0} s later {Evidence.Finding}";
}

/// <summary>What a pass found.</summary>
/// <param name="Judged">How many leases it judged.</param>
/// <param name="Leaks">How many of them have an owner that seems to be gone; those to be released are among them.</param>
/// <param name="Releases">Those to be released now.</param>
/// <param name="Refusals">Why others aren't.</param>
public sealed record PassReport(int Judged, int Leaks, IReadOnlyList<LeakRelease> Releases, IReadOnlyList<PassRefusal> Refusals);

/// <summary>Leases whose owner seems to be gone, and that a pass doesn't release.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Source">Which source says that they are gone.</param>
/// <param name="Leases">How many.</param>
/// <param name="Why">A sentence.</param>
public sealed record PassRefusal(RefusedRelease Reason, string Source, int Leases, string Why);

/// <summary>Why a leak isn't released.</summary>
public enum RefusedRelease
{
    /// <summary>The source didn't read all there was.</summary>
    Incomplete,

    /// <summary>The source's list is empty, or has shrunk beyond belief.</summary>
    Implausible,

    /// <summary>A pass releases no more.</summary>
    Cap,

    /// <summary>A fresh look at the owner didn't find it gone.</summary>
    FreshLook,
}
