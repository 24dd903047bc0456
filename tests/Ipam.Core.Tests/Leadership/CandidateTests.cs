using Ipam.Core.Leadership;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Leadership;

/// <summary>client-go's rules.</summary>
public class CandidateTests
{
    private static readonly CandidateOptions Options = new();

    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly InMemoryLeaders _records = new();

    [Fact]
    public async Task The_first_leads_and_its_record_says_so()
    {
        var candidate = Candidate("a");
        Assert.False(candidate.IsLeading);
        await candidate.TurnAsync(default);

        Assert.True(candidate.IsLeading);
        Assert.Equal(new LeaderRecord("a", TimeSpan.FromSeconds(15), Some.Instant, Some.Instant, 0) { Version = "1" }, await RecordAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        await candidate.TurnAsync(default);
        Assert.Equal(new LeaderRecord("a", TimeSpan.FromSeconds(15), Some.Instant, Some.Instant.AddSeconds(2), 0) { Version = "2" }, await RecordAsync());
    }

    [Fact]
    public async Task Another_leads_once_the_record_has_not_changed_for_a_term_and_the_holder_has_given_up_by_then()
    {
        var (first, second) = (Candidate("a"), Candidate("b"));
        await first.TurnAsync(default);
        await second.TurnAsync(default);
        _time.Advance(Options.RenewDeadline - TimeSpan.FromTicks(1));
        Assert.True(first.IsLeading);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(first.IsLeading);

        _time.Advance(Options.LeaseDuration - Options.RenewDeadline - TimeSpan.FromTicks(1));
        await second.TurnAsync(default);
        Assert.False(second.IsLeading);
        _time.Advance(TimeSpan.FromTicks(1));
        await second.TurnAsync(default);
        Assert.True(second.IsLeading);
        Assert.Equal(("b", 1), ((await RecordAsync())!.Holder, (await RecordAsync())!.Transitions));
        await first.TurnAsync(default);
        Assert.False(first.IsLeading);
    }

    [Fact]
    public async Task A_candidate_that_comes_late_waits_for_a_term_however_old_the_record_says_it_is()
    {
        await _records.PutAsync("role", new LeaderRecord("gone", TimeSpan.FromSeconds(15), Some.Instant.AddYears(-1), Some.Instant.AddYears(-1), 7), default);
        var candidate = Candidate("a");
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(15); waited += TimeSpan.FromSeconds(1))
        {
            await candidate.TurnAsync(default);
            Assert.False(candidate.IsLeading);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await candidate.TurnAsync(default);
        Assert.True(candidate.IsLeading);
        Assert.Equal(8, (await RecordAsync())!.Transitions);
    }

    [Fact]
    public async Task A_stop_gives_up_the_lead_though_a_renewal_that_was_under_way_came_first()
    {
        var candidate = Candidate("a");
        using var stop = new CancellationTokenSource();
        var running = candidate.RunAsync(stop.Token);
        await Wait.UntilAsync(() => candidate.IsLeading, "a leader");
        // Its own, of which it hasn't heard.
        Assert.NotNull(await _records.PutAsync("role", (await RecordAsync())! with { RenewedAt = Some.Instant.AddSeconds(2) }, default));
        await stop.CancelAsync();
        await running;
        Assert.Equal("", (await RecordAsync())!.Holder);
    }

    [Fact]
    public async Task A_stop_gives_up_the_lead_as_client_go_does()
    {
        var candidate = Candidate("a");
        using var stop = new CancellationTokenSource();
        var running = candidate.RunAsync(stop.Token);
        await Wait.UntilAsync(() => candidate.IsLeading, "a leader");
        await stop.CancelAsync();
        await running;

        Assert.False(candidate.IsLeading);
        var record = (await RecordAsync())!;
        Assert.Equal(("", 1.0, 0), (record.Holder, record.Term.TotalSeconds, record.Transitions));
        var next = Candidate("b");
        await next.TurnAsync(default);
        Assert.True(next.IsLeading);
    }

    [Fact]
    public async Task Who_is_one_of_many_looks_ever_more_seldom_at_a_leader_that_lives_and_leads_at_the_look_that_finds_it_silent()
    {
        var options = Options with { LongestPause = TimeSpan.FromSeconds(20) };
        var (leader, one, usual) = (Candidate("a"), new Candidate(_records, "role", "b", options, _time, new Random(1)), Candidate("c"));
        await leader.TurnAsync(default);
        var pause = Options.RetryPeriod;
        foreach (var longest in (int[])[4, 8, 16, 16])
        {
            _time.Advance(pause);
            await leader.TurnAsync(default);
            await one.TurnAsync(default);
            await usual.TurnAsync(default);
            Assert.False(one.IsLeading);
            Assert.Equal(TimeSpan.FromSeconds(longest), pause = one.PauseAfter(pause));
            Assert.Equal(Options.RetryPeriod, usual.PauseAfter(Options.RetryPeriod));
        }

        _time.Advance(pause);
        await one.TurnAsync(default);
        Assert.True(one.IsLeading);
        Assert.Equal(Options.RetryPeriod, one.PauseAfter(pause));
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(15, 10, 9)]
    [InlineData(15, 10, 0)]
    [InlineData(15.5, 10, 2)]
    public void Times_by_which_two_could_lead_are_refused(double duration, double deadline, double retry) =>
        Assert.Throws<ArgumentException>(() => new Candidate(_records, "role", "a", new CandidateOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(duration),
            RenewDeadline = TimeSpan.FromSeconds(deadline),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        }, _time, new Random(1)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Never_two_lead_at_once_whoever_is_paused_cut_off_killed_or_has_another_time(int seed)
    {
        var game = new Election(new Random(seed));
        for (var round = 0; round < 50; round++)
            await game.PlayAsync();
    }

    private Candidate Candidate(string name) => new(_records, "role", name, Options, _time, new Random(1));

    private Task<LeaderRecord?> RecordAsync() => _records.FindAsync("role", default);

    /// <summary>Three candidates with clocks of their own. Each round one of them has an accident, and in the end one leads.</summary>
    private sealed class Election(Random random)
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

        private readonly InMemoryLeaders _records = new();
        private readonly List<Seat> _seats = [];
        private long _now;
        private int _names;

        public async Task PlayAsync()
        {
            while (_seats.Count < 3)
                _seats.Add(new Seat(this, $"c{_names++}", random));
            var seat = _seats[random.Next(3)];
            switch (random.Next(5))
            {
                case 0:
                    _seats.Remove(seat);
                    break;
                case 1:
                    seat.IsPaused = true;
                    break;
                case 2:
                    seat.Link.IsCut = true;
                    break;
                case 3:
                    // What it writes arrives, and it is told that it failed.
                    seat.Link.LosesAnswers = true;
                    break;
                case 4:
                    seat.Time.Skew = TimeSpan.FromSeconds(random.Next(-10_000, 10_000));
                    break;
            }
            await PassAsync(TimeSpan.FromSeconds(random.Next(30)));
            foreach (var one in _seats)
                (one.IsPaused, one.Link.IsCut, one.Link.LosesAnswers) = (false, false, false);
            // One that took the lead right before waits no longer than a term and a retry.
            await PassAsync(Options.LeaseDuration + Options.RetryPeriod + Step);
            Assert.Single(_seats, static one => one.Candidate.IsLeading);
        }

        private async Task PassAsync(TimeSpan time)
        {
            for (var end = _now + time.Ticks; _now < end; _now += Step.Ticks)
            {
                foreach (var seat in _seats.OrderBy(_ => random.Next()).ToList())
                {
                    if (!seat.IsPaused && _now >= seat.NextAt)
                    {
                        await seat.Candidate.TurnAsync(default);
                        seat.NextAt = _now + (long)(Options.RetryPeriod.Ticks * (0.5 + random.NextDouble() / 2));
                    }
                }
                Assert.True(_seats.Count(static one => one.Candidate.IsLeading) <= 1, "two lead at once");
            }
        }

        private sealed class Seat
        {
            public Seat(Election election, string name, Random random)
            {
                Time = new OwnTime(election, random.NextInt64(1L << 40));
                Link = new Link(election._records);
                Candidate = new Candidate(Link, "role", name, Options, Time, random);
            }

            public OwnTime Time { get; }

            public Link Link { get; }

            public Candidate Candidate { get; }

            public bool IsPaused { get; set; }

            public long NextAt { get; set; }
        }

        /// <summary>A time of day that is set at will, and timestamps that begin anywhere.</summary>
        private sealed class OwnTime(Election election, long start) : TimeProvider
        {
            public TimeSpan Skew { get; set; }

            public override long TimestampFrequency => TimeSpan.TicksPerSecond;

            public override long GetTimestamp() => start + election._now;

            public override DateTimeOffset GetUtcNow() => Some.Instant + TimeSpan.FromTicks(election._now) + Skew;

            public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
                System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        private sealed class Link(InMemoryLeaders records) : ILeaderRecords
        {
            public bool IsCut { get; set; }

            public bool LosesAnswers { get; set; }

            public Task<LeaderRecord?> FindAsync(string role, CancellationToken cancellationToken) =>
                IsCut ? throw new StoreException("cut off") : records.FindAsync(role, cancellationToken);

            public async Task<LeaderRecord?> PutAsync(string role, LeaderRecord record, CancellationToken cancellationToken)
            {
                if (IsCut)
                    throw new StoreException("cut off");
                var written = await records.PutAsync(role, record, cancellationToken);
                return LosesAnswers ? throw new StoreException("no answer") : written;
            }
        }
    }
}
