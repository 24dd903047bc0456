using Ipam.Core.Blocks;

namespace Ipam.Core.Allocation;

/// <summary>Is told what the allocator does, for metrics and the log. Called from the allocator's loop: must be quick and not throw.</summary>
public interface IAllocatorObserver
{
    /// <summary>A commit came back.</summary>
    /// <param name="requests">How many requests it carried.</param>
    /// <param name="blocks">How many blocks it changed.</param>
    /// <param name="conflicts">How many of these were changed by somebody else and have to be planned again.</param>
    /// <param name="duration">How long the store took.</param>
    void Committed(int requests, int blocks, int conflicts, TimeSpan duration);

    /// <summary>The store failed, and requests were answered with that.</summary>
    /// <param name="fault">What it said.</param>
    /// <param name="isUncertain">Whether a commit was or is on its way whose outcome nobody knows. The next batch tries it again, even one that changes nothing.</param>
    void Failed(Exception fault, bool isUncertain);

    /// <summary>Leases ended, durably.</summary>
    void Ended(IReadOnlyList<EndedLease> leases);

    /// <summary>A block can't be read: nothing is handed out from it until it is mended.</summary>
    void SetAside(DamagedBlock block);

    /// <summary>A block that was set aside is whole again, or gone.</summary>
    void Returned(DamagedBlock block);
}
