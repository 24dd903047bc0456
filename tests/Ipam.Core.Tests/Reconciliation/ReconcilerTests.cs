using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Reconciliation;

/// <summary>One alive keeps, no evidence keeps, unknown is not gone.</summary>
public class ReconcilerTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly Reconciler _reconciler;
    private readonly List<Lease> _leases = [.. Enumerable.Range(0, 4).Select(static i => Some.Lease($"10.0.0.{i}", $"owner-{i}", sequence: 100 + i))];

    public ReconcilerTests() => _reconciler = new Reconciler(new ReconcilerOptions { Grace = Grace }, _time);

    [Fact]
    public void No_source_no_release() => Assert.Empty(PassAfter(TimeSpan.Zero).Releases);

    [Fact]
    public void Unknown_is_not_gone_however_long()
    {
        for (var pass = 0; pass < 100; pass++)
            Assert.Equal(new PassReport(4, 0, [], []), PassAfter(Grace, Source(static _ => Evidence.Unknown)) with { Releases = [], Refusals = [] });
    }

    [Fact]
    public void A_static_lease_stays_whatever_is_found()
    {
        _leases[2] = _leases[2] with { Owner = Owner.Static("outside", "printer", _leases[2].Space, _leases[2].Address) };
        var source = Source(OnlyGone(2));
        PassAfter(TimeSpan.Zero, source);
        Assert.Equal((0, 0), Counts(PassAfter(Grace, source)));
    }

    [Fact]
    public void Two_readings_a_grace_period_apart_release_the_one_that_is_gone()
    {
        var source = Source(OnlyGone(2));
        Assert.Equal((1, 0), Counts(PassAfter(TimeSpan.Zero, source)));
        Assert.Equal((1, 0), Counts(PassAfter(Grace - TimeSpan.FromTicks(1), source)));

        var release = Assert.Single(PassAfter(TimeSpan.FromTicks(1), source).Releases);
        Assert.Same(_leases[2], release.Lease);
        Assert.Equal("namespaces: it is missing, for at least 30 s", release.Because);
    }

    [Fact]
    public void The_time_of_day_may_jump_as_it_likes()
    {
        var source = Source(OnlyGone(0));
        PassAfter(TimeSpan.Zero, source);
        _time.SetUtcNow(_time.GetUtcNow().AddHours(5));
        // The test's clock moves its monotonic part along with the time of day, so this is a real wait as well.
        Assert.Single(PassAfter(TimeSpan.Zero, source).Releases);
    }

    [Fact]
    public void One_that_is_seen_alive_in_between_begins_anew()
    {
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1)));
        PassAfter(Grace, Source(static _ => Evidence.Alive("")));
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
        Assert.Equal((1, 1), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
    }

    /// <summary>As a report has it that was made before this process began.</summary>
    [Fact]
    public void What_the_same_source_found_earlier_is_a_first_reading_until_the_owner_is_found_alive()
    {
        var before = _time.GetTimestamp() - (long)(Grace.TotalSeconds * _time.TimestampFrequency);
        Dictionary<LeaseToken, EarlierFinding> earlier = new()
        {
            [LeaseToken.Of(_leases[0])] = new EarlierFinding("namespaces", before, "it was missing"),
            [LeaseToken.Of(_leases[1])] = new EarlierFinding("pods", before, "it was missing"),
            [LeaseToken.Of(_leases[2])] = new EarlierFinding("namespaces", before, "it was missing"),
            [LeaseToken.Of(_leases[3] with { Sequence = 99 })] = new EarlierFinding("namespaces", before, "it was missing"),
        };
        var reconciler = new Reconciler(new ReconcilerOptions { Grace = Grace }, _time, earlier);

        var alive = Source(lease => lease == _leases[2] ? Evidence.Alive("") : Evidence.Unknown);
        Assert.Empty(reconciler.Judge(_leases, _time.GetTimestamp(), [alive]).Releases);
        var release = Assert.Single(reconciler.Judge(_leases, _time.GetTimestamp(), [Source(static _ => Evidence.Gone("namespace", "it is missing"))]).Releases);
        Assert.Same(_leases[0], release.Lease);
        Assert.Equal("namespaces: it was missing, and 30 s later it is missing", release.Because);
    }

    [Fact]
    public void A_source_that_fails_in_between_neither_confirms_nor_ends_a_suspicion()
    {
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1)));
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(static _ => Evidence.Unknown))));
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(OnlyGone(1)) with { IsComplete = false })));
        Assert.Equal((1, 0), Counts(PassAfter(Grace)));
        Assert.Equal((1, 1), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
    }

    [Fact]
    public void One_source_that_finds_it_alive_outweighs_all_others()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            Assert.Equal((0, 0), Counts(PassAfter(
                Grace, Source(OnlyGone(1)), Source(static _ => Evidence.Alive("its address is listed"), "pods") with { IsComplete = false })));
        }
    }

    [Fact]
    public void Both_readings_are_of_one_source()
    {
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1), "pods") with { Size = 5 }, Source(static _ => Evidence.Unknown));
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(static _ => Evidence.Unknown, "pods") with { Size = 5 }, Source(OnlyGone(1)))));
        Assert.Equal((1, 1), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
    }

    [Fact]
    public void A_lease_that_was_handed_out_again_begins_anew()
    {
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1)));
        _leases[1] = _leases[1] with { Sequence = 500 };
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
        Assert.Equal(500, Assert.Single(PassAfter(Grace, Source(OnlyGone(1))).Releases).Lease.Sequence);
    }

    [Fact]
    public void A_reading_from_before_the_leases_were_listed_says_nothing()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            var old = Source(OnlyGone(1));
            _time.Advance(Grace);
            var report = _reconciler.Judge(_leases, _time.GetTimestamp(), [old]);
            Assert.Equal((0, 0), Counts(report));
            Assert.Equal(RefusedRelease.Incomplete, Assert.Single(report.Refusals).Reason);
        }
    }

    [Fact]
    public void A_reboot_needs_one_reading_and_no_cap()
    {
        var many = Enumerable.Range(0, 5_000).Select(static i => Some.Lease($"10.1.{i / 250}.{i % 250}", $"owner-{i}")).ToList();
        var report = _reconciler.Judge(many, _time.GetTimestamp(), [Source(static _ => Evidence.Decisive("reboot", "the machine has booted since"))]);

        Assert.Equal(5_000, report.Releases.Count);
        Assert.Equal("namespaces: the machine has booted since", report.Releases[0].Because);
    }

    [Theory]
    [InlineData(100, 1_000)]
    [InlineData(50_000, 2_500)]
    public void A_pass_releases_no_more_than_its_cap_and_the_oldest_first(int count, int cap)
    {
        var many = Enumerable.Range(0, count).Select(static i => Some.Lease($"10.{i / 62_500}.{i / 250 % 250}.{i % 250}", $"owner-{i}", sequence: 1_000_000 - i)).ToList();
        var source = Source(static _ => Evidence.Gone("namespace", "it is missing"));
        _reconciler.Judge(many, _time.GetTimestamp(), [source]);
        _time.Advance(Grace);
        var report = _reconciler.Judge(many, _time.GetTimestamp(), [Source(static _ => Evidence.Gone("namespace", "it is missing"))]);

        Assert.Equal(Math.Min(count, cap), report.Releases.Count);
        Assert.Equal(Math.Max(0, count - cap), report.Refusals.Sum(static refusal => refusal.Leases));
        Assert.Equal(many.Select(static lease => lease.Sequence).Order().Take(cap), report.Releases.Select(static release => release.Lease.Sequence));
    }

    [Fact]
    public void An_empty_list_releases_nothing_however_often_it_is_read()
    {
        for (var pass = 0; pass < 100; pass++)
        {
            var report = PassAfter(Grace, Source(static _ => Evidence.Gone("pod", "it isn't listed"), "pods") with { Size = 0 });
            Assert.Equal((0, 0), Counts(report));
            Assert.Equal((RefusedRelease.Implausible, 4, "the list of pods is empty"), Refusal(report));
        }
    }

    [Fact]
    public void A_list_that_shrinks_beyond_belief_releases_nothing_until_it_stays_so()
    {
        PassAfter(TimeSpan.Zero, Source(static _ => Evidence.Alive(""), "pods") with { Size = 101 });
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromMinutes(10); waited += Grace)
        {
            var report = PassAfter(Grace, Source(OnlyGone(1), "pods") with { Size = 50 });
            Assert.Equal((0, 0), Counts(report));
            Assert.Equal((RefusedRelease.Implausible, 1, "the list of pods has shrunk from 101 to 50"), Refusal(report));
        }
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(OnlyGone(1), "pods") with { Size = 50 })));
        Assert.Equal((1, 1), Counts(PassAfter(Grace, Source(OnlyGone(1), "pods") with { Size = 50 })));
    }

    [Fact]
    public void A_fresh_look_that_does_not_find_it_gone_ends_the_suspicion()
    {
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1)));
        var release = Assert.Single(PassAfter(Grace, Source(OnlyGone(1))).Releases);

        Assert.True(_reconciler.Confirm(release, Evidence.Gone("namespace", "it is missing")));
        Assert.False(_reconciler.Confirm(release, Evidence.Unknown));
        Assert.Equal((1, 0), Counts(PassAfter(Grace, Source(OnlyGone(1)))));
    }

    [Fact]
    public void The_next_reading_is_due_when_the_first_grace_period_ends()
    {
        Assert.Null(_reconciler.NextDue);
        PassAfter(TimeSpan.Zero, Source(OnlyGone(1)));
        var due = _time.GetTimestamp() + (long)(Grace.TotalSeconds * _time.TimestampFrequency);
        PassAfter(TimeSpan.FromSeconds(15), Source(lease => lease == _leases[1] || lease == _leases[2] ? Evidence.Gone("namespace", "it is missing") : Evidence.Alive("")));

        Assert.Equal(due, _reconciler.NextDue);
        _reconciler.Forget(_leases[1]);
        Assert.Equal(due + (long)(15 * _time.TimestampFrequency), _reconciler.NextDue);
    }

    private static (int Leaks, int Releases) Counts(PassReport report) => (report.Leaks, report.Releases.Count);

    private static (RefusedRelease, int, string) Refusal(PassReport report)
    {
        var refusal = Assert.Single(report.Refusals);
        return (refusal.Reason, refusal.Leases, refusal.Why);
    }

    private Func<Lease, Evidence> OnlyGone(int index) => lease => lease == _leases[index] ? Evidence.Gone("namespace", "it is missing") : Evidence.Alive("");

    /// <summary>A reading now. Made before the time goes on; <see cref="PassAfter"/> makes it again.</summary>
    private Reading Source(Func<Lease, Evidence> says, string name = "namespaces") => new(name, _time.GetTimestamp(), _time.GetTimestamp(), says);

    /// <summary>A pass after so long, with these sources read then.</summary>
    private PassReport PassAfter(TimeSpan wait, params Reading[] readings)
    {
        _time.Advance(wait);
        var now = _time.GetTimestamp();
        return _reconciler.Judge(_leases, now, [.. readings.Select(reading => reading with { BeganAt = now, EndedAt = now })]);
    }
}
