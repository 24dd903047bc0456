namespace Cni.Protocol;

/// <summary>A request that couldn't be served and is written down for later: a release must not get lost.</summary>
/// <param name="Network">The network's name, from the configuration.</param>
/// <param name="Environment">The CNI_* variables.</param>
/// <param name="Stdin">The configuration, byte for byte.</param>
/// <param name="Time">When it was asked, UTC; kept to the tick. For people: no order rests on it, as clocks are set back.</param>
public sealed record SpooledRequest(string Network, CniEnvironment Environment, ReadOnlyMemory<byte> Stdin, DateTimeOffset Time)
{
    /// <summary>Tells it from every other request of the same owner; empty in files of older versions.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>When it was asked, on a clock that nobody sets; of an unknown clock in files of older versions.</summary>
    public MonotonicMoment Asked { get; init; }

    /// <summary>Whether both are the same request, byte for byte.</summary>
    public bool IsSameAs(SpooledRequest other) =>
        Id == other.Id && Network == other.Network && Environment == other.Environment && Time == other.Time && Stdin.Span.SequenceEqual(other.Stdin.Span);
}
