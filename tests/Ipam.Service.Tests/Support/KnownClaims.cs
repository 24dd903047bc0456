using System.Collections.Concurrent;
using System.Globalization;
using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>IPAMClaims of the namespace <c>shop</c>, which a test may have changed or refused just before they are written.</summary>
internal sealed class KnownClaims : IIpamClaims
{
    private int _version;

    /// <summary>By their names.</summary>
    public ConcurrentDictionary<string, IpamClaim> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens before a status is written.</summary>
    public Action<IpamClaim> BeforeWrite { get; set; } = static _ => { };

    /// <summary>Why none can be read; null if they can.</summary>
    public StoreException? Fault { get; set; }

    public void Add(string name, string network, string uid) => Claims[name] = new IpamClaim("shop", name, uid, network, "eth0", [], new IpamClaimStatus([], "", null)) { Version = NextVersion() };

    /// <summary>Somebody else writes a status.</summary>
    public void Change(string name, Func<IpamClaimStatus, IpamClaimStatus> change) =>
        Claims.AddOrUpdate(name, static _ => throw new InvalidOperationException(), (_, claim) => claim with { Status = change(claim.Status), Version = NextVersion() });

    public Task<IpamClaim?> ReadAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Fault is { } fault ? Task.FromException<IpamClaim?>(fault) : Task.FromResult(@namespace == "shop" ? Claims.GetValueOrDefault(name) : null);

    public Task<bool> PutStatusAsync(IpamClaim claim, IpamClaimStatus status, CancellationToken cancellationToken)
    {
        BeforeWrite(claim);
        return Task.FromResult(Claims.TryGetValue(claim.Name, out var now) && now.Version == claim.Version && Claims.TryUpdate(claim.Name, now with { Status = status, Version = NextVersion() }, now));
    }

    private string NextVersion() => Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
}
