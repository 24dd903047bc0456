using Ipam.Core.Stores;

namespace Ipam.Core.Leadership;

/// <summary>
/// One who wants to lead, by client-go's rules. It judges the leader's term by when it saw the record change, on its own monotonic clock: the times in the record
/// are never compared with a clock. It stops to lead by itself when it couldn't renew in time, and gives up the lead when it is stopped. <see cref="IsLeading"/> may
/// be asked from any thread.
/// </summary>
public sealed class Candidate
{
    private readonly ILeaderRecords _records;
    private readonly string _role;
    private readonly CandidateOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ICandidateObserver? _observer;

    /// <summary>What the store had when it was last looked at, and since when it has that.</summary>
    private LeaderRecord? _observed;
    private long _observedAt;

    /// <summary>The timestamp until which this one may act; 0 while it doesn't lead.</summary>
    private long _actsUntil;
    private bool _isToldToLead;

    /// <summary>A candidate that does nothing yet.</summary>
    /// <param name="records">Where the record is.</param>
    /// <param name="role">What is to be led.</param>
    /// <param name="name">Who this is: another name for each process, as one with the same name counts as the same.</param>
    /// <param name="options">The times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For pauses of different lengths.</param>
    /// <param name="observer">Is told what happens.</param>
    public Candidate(
        ILeaderRecords records, string role, string name, CandidateOptions options, TimeProvider time, Random random, ICandidateObserver? observer = null)
    {
        options.Check();
        (_records, _role, Name, _options, _time, _random, _observer) = (records, role, name, options, time, random, observer);
    }

    /// <summary>Who this is.</summary>
    public string Name { get; }

    /// <summary>Whether this one leads now, and may act. It becomes false by itself when a renewal is late.</summary>
    public bool IsLeading => _time.GetTimestamp() < Interlocked.Read(ref _actsUntil);

    /// <summary>Stands for election until cancelled, then gives up the lead. Throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var pause = _options.RetryPeriod; ;)
            {
                await TurnAsync(cancellationToken);
                pause = PauseAfter(pause);
                await Task.Delay(pause * (0.5 + _random.NextDouble() / 2), _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await GiveUpAsync();
        }
    }

    /// <summary>One attempt to lead, or to go on leading.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.RenewDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // Nothing renews after it gave up waiting: the attempt ends with its time.
            await TryLeadAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _observer?.Failed($"no answer within {_options.RenewDeadline.TotalSeconds} s");
        }
        catch (StoreException e)
        {
            _observer?.Failed(e.Message);
        }
        Tell();
    }

    /// <summary>The longest pause before the next attempt, after one that followed this pause: a leader that lives need not be looked at often.</summary>
    internal TimeSpan PauseAfter(TimeSpan pause)
    {
        var isLedByAnother = _observed is { Holder.Length: > 0 } record && record.Holder != Name;
        if (!isLedByAnother)
            return _options.RetryPeriod;
        return 2 * pause <= _options.LongestPause ? 2 * pause : pause;
    }

    private async Task TryLeadAsync(CancellationToken cancellationToken)
    {
        var beganAt = _time.GetTimestamp();
        // While it leads, what it wrote last is most likely still there.
        if (IsLeading && _observed is { } own && await WriteAsync(Renewed(own), beganAt, cancellationToken))
            return;
        var found = await _records.FindAsync(_role, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Observe(found);
        var isOurs = found?.Holder == Name;
        if (!isOurs)
            Interlocked.Exchange(ref _actsUntil, 0);
        if (found is { Holder.Length: > 0 } && !isOurs && _time.GetElapsedTime(_observedAt) < found.Term)
            return;
        await WriteAsync(isOurs ? Renewed(found!) : Taken(found), _time.GetTimestamp(), cancellationToken);
    }

    private async Task<bool> WriteAsync(LeaderRecord record, long beganAt, CancellationToken cancellationToken)
    {
        if (await _records.PutAsync(_role, record, cancellationToken) is not { } written)
            return false;
        cancellationToken.ThrowIfCancellationRequested();
        Observe(written);
        Interlocked.Exchange(ref _actsUntil, beganAt + (long)(_options.RenewDeadline.TotalSeconds * _time.TimestampFrequency));
        return true;
    }

    private async Task GiveUpAsync()
    {
        var led = Interlocked.Exchange(ref _actsUntil, 0) != 0;
        Tell();
        if (!led)
            return;
        using var late = new CancellationTokenSource(_options.Farewell, _time);
        try
        {
            // A renewal that was under way may have come before.
            for (var own = _observed; own?.Holder == Name && !await TryGiveUpAsync(own, late.Token);)
                own = await _records.FindAsync(_role, late.Token).WaitAsync(late.Token);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // It was polite, no more: the others wait for the end of the term.
            _observer?.Failed(e.Message);
        }
    }

    private async Task<bool> TryGiveUpAsync(LeaderRecord own, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var givenUp = own with { Holder = "", Term = TimeSpan.FromSeconds(1), AcquiredAt = now, RenewedAt = now };
        return await _records.PutAsync(_role, givenUp, cancellationToken).WaitAsync(cancellationToken) is not null;
    }

    private LeaderRecord Renewed(LeaderRecord record) => record with { Term = _options.LeaseDuration, RenewedAt = _time.GetUtcNow() };

    private LeaderRecord Taken(LeaderRecord? before)
    {
        var now = _time.GetUtcNow();
        return new LeaderRecord(Name, _options.LeaseDuration, now, now, before is null ? 0 : before.Transitions + 1) { Version = before?.Version ?? "" };
    }

    private void Observe(LeaderRecord? record)
    {
        if (record == _observed)
            return;
        (_observed, _observedAt) = (record, _time.GetTimestamp());
    }

    private void Tell()
    {
        var isLeading = IsLeading;
        if (isLeading == _isToldToLead)
            return;
        _isToldToLead = isLeading;
        if (isLeading)
            _observer?.Leads();
        else
            _observer?.LeadsNoLonger(_observed is { } record && record.Holder != Name ? record.Holder : "");
    }
}
