using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Text;

namespace Ipam.Web.Reading;

/// <summary>What is known of an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="State">What it is.</param>
/// <param name="Lease">Its lease; null if it has none.</param>
/// <param name="Node">The node that owns its block; null if none does.</param>
internal sealed record AddressFacts(Address Address, AddressState State, Lease? Lease, string? Node)
{
    /// <summary>When this was so.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>When its cooldown ends; null if it doesn't cool down.</summary>
    public DateTimeOffset? CoolingUntil { get; init; }

    /// <summary>What keeps it from being handed out, other than who has it; empty if nothing does, or that isn't known.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Who has it, or why nobody gets it, in a sentence without its end.</summary>
    public string Why
    {
        get
        {
            var what = Cause.Length > 0 ? $"{MapCells.TextOf(State)} ({Cause})" : MapCells.TextOf(State);
            return Lease is { } lease ? $"{what} {WhoOf(lease)}"
                : CoolingUntil is { } until && State == AddressState.Cooling ? $"{what} for {AgeText.Of(until - Now)}"
                : Node is { } node ? $"{what}, in a block of node {node}"
                : what;
        }
    }

    /// <summary>Who has it for a word in a list.</summary>
    public static string NameOf(Lease lease) => lease.Pod?.ToString() ?? lease.Owner.ContainerId;

    private string WhoOf(Lease lease)
    {
        var since = AgeText.Of(Now - lease.AcquiredAt);
        return lease.Owner.IsConflict ? $"{lease.Owner.ContainerId} answered for it {since} ago"
            : lease.Owner.IsStatic ? $"by {lease.Owner.ContainerId} since {since}"
            : lease.Owner.IsKept ? $"{lease.Owner.ContainerId} since {since}"
            : lease.Pod is { } pod ? $"by pod {pod} on node {lease.Node} since {since}"
            : $"by container {lease.Owner.ContainerId} on node {lease.Node} since {since}";
    }
}
