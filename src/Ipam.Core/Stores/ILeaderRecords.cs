namespace Ipam.Core.Stores;

/// <summary>
/// Who leads in what, one record for each role, written by compare-and-swap. It is no lock: what is written under a lead must be safe by itself. Members may be
/// called from several threads at once, and throw as those of <see cref="IIpamStore"/>.
/// </summary>
public interface ILeaderRecords
{
    /// <summary>The record of a role; null if there is none.</summary>
    Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken);

    /// <summary>Writes a record if the store's still has the <see cref="LeaderRecord.Version"/> of this one, or has none where that is empty.</summary>
    /// <returns>The record with its new version, which no later one of the role has; null if somebody else was faster, and nothing was written.</returns>
    Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken);
}

/// <summary>Who leads, as the store has it. The times are for people: clocks differ, so nobody concludes anything from them.</summary>
/// <param name="Holder">Who leads; empty if the last one gave up the lead.</param>
/// <param name="Term">How long others wait after they saw the record change; whole seconds.</param>
/// <param name="AcquiredAt">When the holder began to lead.</param>
/// <param name="RenewedAt">When it wrote the record last.</param>
/// <param name="Transitions">How often the holder changed.</param>
public sealed record LeaderRecord(string Holder, TimeSpan Term, DateTimeOffset AcquiredAt, DateTimeOffset RenewedAt, int Transitions)
{
    /// <summary>The store's version of the record; empty for one that it doesn't have.</summary>
    public string Version { get; init; } = "";
}
