namespace Ipam.Core.Imports;

/// <summary>What becomes of the addresses of a network.</summary>
/// <param name="Name">The network.</param>
/// <param name="Addresses">All that was found of it, by address.</param>
/// <param name="Blocker">What keeps the whole network from being taken over; null if nothing does.</param>
public sealed record NetworkPlan(string Name, IReadOnlyList<PlannedAddress> Addresses, PlannedAddress? Blocker)
{
    /// <summary>The addresses with this state.</summary>
    public IEnumerable<PlannedAddress> Of(ImportState state) => Addresses.Where(address => address.State == state);

    /// <summary>The plan after its addresses were taken over, but for those that others got meanwhile.</summary>
    /// <param name="refused">Why some were not, by what was found.</param>
    public NetworkPlan Done(IReadOnlyDictionary<FoundAddress, string> refused) => this with
    {
        Addresses =
        [
            .. Addresses.Select(planned => planned.State != ImportState.Take ? planned
                : refused.TryGetValue(planned.Found, out var why) ? planned with { State = ImportState.Conflict, Because = why }
                : planned with { State = ImportState.Taken }),
        ],
    };

    /// <summary>The plan if nothing is taken over: everything that could be is left.</summary>
    public NetworkPlan Leave(string why) => this with
    {
        Addresses = [.. Addresses.Select(planned => planned.State == ImportState.Take ? planned with { State = ImportState.Left, Because = why } : planned)],
    };
}
