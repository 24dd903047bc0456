namespace Ipam.Core.Stores;

/// <summary>Who may look at what a store has, by the accounts of its cluster. Members may be called from several threads at once.</summary>
public interface IViewers
{
    /// <summary>Asks whose a token is, and whether he may list blocks, pools and reservations.</summary>
    /// <param name="token">The token.</param>
    /// <param name="audience">Whom the token must be made for; null for the cluster's API.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StoreException">The cluster failed, or doesn't say.</exception>
    Task<Viewer> AskAsync(string token, string? audience, CancellationToken cancellationToken);
}

/// <summary>Somebody who wants to look.</summary>
/// <param name="User">His name; null if nobody has the token.</param>
/// <param name="MayLook">Whether he may.</param>
public sealed record Viewer(string? User, bool MayLook);
