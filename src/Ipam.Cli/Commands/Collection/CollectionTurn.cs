using Ipam.Cli.Terminal;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Collection;

/// <summary>Sees to it that one collection works at a time. Who is killed in the midst keeps the others waiting for the end of its term, no longer.</summary>
internal sealed class CollectionTurn : IAsyncDisposable
{
    private const string Role = "gc";

    private readonly CliEnvironment _environment;
    private readonly ILeaderRecords _records;
    private readonly CandidateOptions _options = new();
    private readonly Candidate _candidate;
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    public CollectionTurn(ILeaderRecords records, CliEnvironment environment)
    {
        _environment = environment;
        _records = records;
        _candidate = new Candidate(records, Role, $"{environment.User()}@{Environment.MachineName} {Guid.NewGuid():n}", _options, environment.Time, Random.Shared);
    }

    /// <summary>Whether it is this one's turn.</summary>
    public bool IsOurs => _candidate.IsLeading;

    /// <summary>Takes the turn; null if it is ours now, else who has it.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<string?> WhoHasItAsync(CancellationToken cancellationToken)
    {
        var beganAt = _environment.Time.GetTimestamp();
        LeaderRecord? first = null;
        while (true)
        {
            await _candidate.TurnAsync(cancellationToken);
            if (_candidate.IsLeading)
                break;
            var found = await _records.FindAsync(Role, cancellationToken);
            var isOthers = found is { Holder.Length: > 0 } && found.Holder != _candidate.Name;
            first ??= isOthers ? found : null;
            // One whose record changes lives. One that was killed is silent until its term is over.
            if ((isOthers && found != first) || _environment.Time.GetElapsedTime(beganAt) > 2 * _options.LeaseDuration)
                return found?.Holder ?? "unknown";
            await Task.Delay(_options.RetryPeriod, _environment.Time, cancellationToken);
        }
        _running = _candidate.RunAsync(_end.Token);
        return null;
    }

    /// <summary>Gives the turn up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }
}
