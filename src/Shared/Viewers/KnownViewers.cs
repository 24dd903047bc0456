using System.Security.Cryptography;
using System.Text;
using Ipam.Core.Stores;

namespace IpamSuite.Shared.Viewers;

/// <summary>What a cluster said of those who have a token, for a short while, under the token's hash. Safe for use by several threads at once.</summary>
/// <param name="viewers">Asks the cluster.</param>
/// <param name="audience">Whom the token must be made for; null for the cluster's API.</param>
/// <param name="patience">How long the cluster may take.</param>
/// <param name="time">The clock.</param>
internal sealed class KnownViewers(IViewers viewers, string? audience, TimeSpan patience, TimeProvider time)
{
    private const int Most = 1000;

    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    private readonly SharedReads<string, Viewer> _known = new(Keep, patience, Most, time);

    /// <summary>Whose a token is, and whether he may look.</summary>
    /// <exception cref="StoreException">The cluster failed.</exception>
    /// <exception cref="TimeoutException">It didn't answer.</exception>
    public Task<Viewer> AskAsync(string token, CancellationToken cancellationToken) =>
        _known.GetAsync(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))), end => viewers.AskAsync(token, audience, end), cancellationToken);
}
