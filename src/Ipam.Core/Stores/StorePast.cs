namespace Ipam.Core.Stores;

/// <summary>
/// Which data a store has, and how far they have come. A store whose identity is another one, or whose revision is a lower one than was seen
/// before, has lost what it once confirmed: it was emptied, replaced, or set back to an older copy.
/// </summary>
/// <param name="Identity">Random, written when the store was created. Another one is written when a loss is noticed.</param>
/// <param name="Revision">
/// Grows with the store's changes; never comes again in the same past. <see cref="WentBack"/> if the store is behind what was committed to it since
/// <see cref="IStorePasts.Expect"/>, or behind what <see cref="IStorePasts.Remember"/> was told.
/// </param>
/// <param name="IsAccepted">Whether an admin accepted a loss: nobody waits any longer for nodes that have not asserted their leases again.</param>
public sealed record StorePast(string Identity, long Revision, bool IsAccepted = false)
{
    /// <summary>The revision of a store that is behind what it confirmed.</summary>
    public const long WentBack = -1;

    /// <summary>Whether a store with the past <paramref name="later"/> still has all that this one had.</summary>
    public bool IsKeptBy(StorePast later) => later.Identity == Identity && later.Revision != WentBack && later.Revision >= Revision;

    /// <summary>A new identity: 32 hexadecimal digits.</summary>
    public static string NewIdentity() => Guid.NewGuid().ToString("n");
}
