namespace Ipam.Stores.Sqlite.Writing;

/// <summary>What became of a commit's transaction.</summary>
/// <param name="Revision">The version that the changed blocks have now; 0 if the transaction was rolled back.</param>
/// <param name="Pages">Pages it wrote to the log, at most.</param>
/// <param name="Refusals">Why it was rolled back; empty if it wasn't.</param>
internal readonly record struct WriteOutcome(long Revision, int Pages, IReadOnlyList<Refusal> Refusals);
