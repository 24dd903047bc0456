using System.Diagnostics;
using System.Globalization;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Leadership;

/// <summary>
/// Three processes stand for election. In each round the leader has an accident, or stops, and another one takes the lead. All the while the store's record is
/// watched: who acts must be the one that it names.
/// </summary>
/// <param name="url">The store.</param>
/// <param name="store">The same one, for the watch.</param>
/// <param name="term">The term; whole seconds.</param>
internal sealed class Election(string url, IIpamStore store, TimeSpan term) : IDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>So many calls of the store lie between a leader's end and the first act of the next one, each of which may be as late as those of the watch.</summary>
    private const int Calls = 5;

    /// <summary>The others look every tenth of the term whether the lead is free.</summary>
    private TimeSpan Bound => term + term * 0.1 + TimeSpan.FromSeconds(1);

    /// <summary>Two that act in turn within this time act at once.</summary>
    private static readonly TimeSpan Turns = TimeSpan.FromMilliseconds(200);

    private readonly List<CandidateProcess> _all = [];
    private readonly List<Sample> _samples = [];
    private int _names;

    /// <summary>When the watch last got an answer, and by how much one was late since the last accident: the machine may have other things to do.</summary>
    private long _lookedAt = Stopwatch.GetTimestamp();
    private TimeSpan _latest;

    /// <summary>What can become of a leader.</summary>
    internal enum Accident
    {
        Kill,
        Pause,
        Cut,
        Stop,
    }

    /// <summary>Plays so many rounds, and says how it went.</summary>
    public async Task<string> PlayAsync(int rounds)
    {
        using var end = new CancellationTokenSource();
        var watching = WatchAsync(end.Token);
        var took = new Dictionary<Accident, TimeSpan>();
        for (var round = 0; round < rounds; round++)
        {
            while (_all.Count(static one => one.IsThere) < 3)
                _all.Add(new CandidateProcess(url, $"c{_names++}", term));
            await Wait.UntilAsync(() => _all.TrueForAll(static one => one.IsReady), "three candidates");
            var accident = (Accident)(round % 4);
            var time = await StrikeAsync(await UntilOneLeadsAsync(null), accident);
            took[accident] = time > took.GetValueOrDefault(accident) ? time : took[accident];
        }
        await end.CancelAsync();
        await watching;
        var acts = Judge();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds, {acts} acts, never two at once; the lead was free for at most {string.Join(", ", took.Select(static one => $"{one.Value.TotalSeconds:0.0} s ({one.Key})"))}");
    }

    public void Dispose() => _all.ForEach(static one => one.Dispose());

    /// <summary>Returns how long it took until another one led.</summary>
    private async Task<TimeSpan> StrikeAsync(CandidateProcess leader, Accident accident)
    {
        _latest = TimeSpan.Zero;
        var start = Stopwatch.GetTimestamp();
        switch (accident)
        {
            case Accident.Kill:
                leader.Signal("KILL");
                break;
            case Accident.Pause:
                leader.Signal("STOP");
                break;
            case Accident.Cut:
                leader.Tell("cut");
                break;
            default:
                leader.Tell("stop");
                break;
        }
        await UntilOneLeadsAsync(leader);
        var took = Stopwatch.GetElapsedTime(start);
        var late = Calls * (Stopwatch.GetElapsedTime(_lookedAt) is var since && since > _latest ? since : _latest);
        Assert.True(took < (accident == Accident.Stop ? AtOnce : Bound) + late, $"after {accident} of the leader nobody led for {took}, and answers were late by {late} only");
        if (accident == Accident.Pause)
            leader.Signal("CONT");
        else if (accident == Accident.Cut)
            leader.Tell("mend");
        else
            await leader.ExitAsync();
        return took;
    }

    /// <summary>Waits until one acts that isn't <paramref name="former"/>.</summary>
    private async Task<CandidateProcess> UntilOneLeadsAsync(CandidateProcess? former)
    {
        var start = Stopwatch.GetTimestamp();
        CandidateProcess? leader = null;
        await Wait.UntilAsync(
            () =>
            {
                // One that was paused in the midst of a write may keep everybody from writing, as the lock of a file does. Then there is no leader until it goes on.
                if (former is not null && Stopwatch.GetElapsedTime(_lookedAt) > 2 * term && former.IsThere)
                {
                    former.Signal("CONT");
                    former = null;
                }
                return (leader = _all.Find(one => one != former && one.IsThere && one.LastAct > start)) is not null;
            },
            "a leader");
        return leader!;
    }

    private async Task WatchAsync(CancellationToken end)
    {
        LeaderRecord? probe = null;
        while (!end.IsCancellationRequested)
        {
            // What is measured is what a candidate waits for: a read and a write.
            probe = await store.Leaders.PutAsync("probe", probe ?? new LeaderRecord("probe", term, default, default, 0), default);
            var beganAt = Stopwatch.GetTimestamp();
            var record = await store.Leaders.FindAsync("election", default);
            _samples.Add(new Sample(beganAt, Stopwatch.GetTimestamp(), record?.Holder ?? "", record?.Version ?? ""));
            await Task.Delay(BetweenLooks, CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(_lookedAt) - BetweenLooks;
            (_lookedAt, _latest) = (Stopwatch.GetTimestamp(), took > _latest ? took : _latest);
        }
    }

    /// <summary>Fails if two acted at once, or one whom the record didn't name. Returns how often they acted.</summary>
    private int Judge()
    {
        var acts = _all.SelectMany(static one => one.Acts.Select(at => (At: at, one.Name))).OrderBy(static act => act.At).ToArray();
        for (var i = 2; i < acts.Length; i++)
        {
            var inTurns = acts[i].Name == acts[i - 2].Name && acts[i].Name != acts[i - 1].Name && Stopwatch.GetElapsedTime(acts[i - 2].At, acts[i].At) < Turns;
            Assert.False(inTurns, $"{acts[i].Name} and {acts[i - 1].Name} act at once");
        }
        var next = 0;
        foreach (var (at, name) in acts)
        {
            while (next < _samples.Count && _samples[next].BeganAt <= at)
                next++;
            var before = _samples.FindLastIndex(Math.Max(next - 1, 0), sample => sample.EndedAt < at);
            // The same version before and after: that was the record when it acted.
            var isSure = before >= 0 && next < _samples.Count && _samples[before].Version == _samples[next].Version;
            Assert.True(!isSure || _samples[next].Holder == name, $"{name} acts, and the record names {(next < _samples.Count ? _samples[next].Holder : "")}");
        }
        return acts.Length;
    }

    private sealed record Sample(long BeganAt, long EndedAt, string Holder, string Version);
}
