namespace Ipam.Core.History;

/// <summary>How much is kept of what was.</summary>
/// <param name="Keep">For how long an event is kept at least, if there is room; null to write none.</param>
/// <param name="MostBytes">About how much room events may take where they are kept; null for what suits the store.</param>
public sealed record HistoryBounds(TimeSpan? Keep, long? MostBytes = null)
{
    /// <summary>What suits most.</summary>
    public static HistoryBounds Usual { get; } = new(TimeSpan.FromDays(90));

    /// <summary>No event is written.</summary>
    public static HistoryBounds Off { get; } = new((TimeSpan?)null);
}
