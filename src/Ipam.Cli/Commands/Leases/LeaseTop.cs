using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Leases;

/// <summary>Who holds the most, by what leases have in common.</summary>
/// <param name="kind">One of <see cref="LeaseTally.Kinds"/>.</param>
/// <param name="pools">The pools.</param>
/// <param name="now">When the last hour ends.</param>
internal sealed class LeaseTop(string kind, IReadOnlyList<Pool> pools, DateTimeOffset now)
{
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    private readonly LeaseTally _all = new(kind, pools);
    private readonly LeaseTally _lately = new(kind, pools);
    private int _leases;

    /// <summary>The rows, the largest first.</summary>
    public IEnumerable<TopRow> Rows
    {
        get
        {
            var lately = _lately.Counts.ToDictionary(static count => count.Key, static count => count.Leases, StringComparer.Ordinal);
            return _all.Counts.Select(count => new TopRow(kind, count.Key, count.Leases, _leases, lately.GetValueOrDefault(count.Key)));
        }
    }

    /// <summary>Counts one.</summary>
    public void Add(Lease lease)
    {
        _leases++;
        _all.Add(lease);
        if (now - lease.AcquiredAt <= Lately)
            _lately.Add(lease);
    }
}
