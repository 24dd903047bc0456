using EndToEnd.Support;

namespace EndToEnd.Upgrades;

/// <summary>A run of upgrades under load.</summary>
/// <param name="Store">The kind of store.</param>
/// <param name="Way">How plugin and ipamd are replaced.</param>
/// <param name="Additions">How many ADDs there are at least, each with its DEL.</param>
internal sealed record UpgradeOptions(string Store, UpgradeWay Way, int Additions)
{
    /// <summary>The build that is upgraded from; null for a copy of the one that was published.</summary>
    public Build? Before { get; init; }

    /// <summary>How many upgrades there are; each is followed by the way back.</summary>
    public int Upgrades { get; init; } = 10;

    public int Workers { get; init; } = 32;

    public int AdditionsPerSecond { get; } = 50;

    /// <summary>What each worker holds before it deletes the oldest of its containers.</summary>
    public int HeldByEach { get; } = 5;

    /// <summary>The network's <c>wait</c>: on a host its default, in a cluster what its documentation asks for.</summary>
    public double Wait { get; init; } = Way == UpgradeWay.Pod ? 15 : 5;

    /// <summary>How often plugin and ipamd are replaced.</summary>
    public int Changes => 2 * Upgrades;
}
