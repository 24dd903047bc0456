using Ipam.Core.Leadership;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Who leads: one record for each role, by compare-and-swap.</summary>
public abstract partial class StoreContract
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 13, 14, 15, 678, TimeSpan.Zero);

    [Fact]
    public async Task A_leaders_record_comes_back_as_it_was_written()
    {
        Assert.Null(await Store.Leaders.FindAsync("gc", default));
        var record = new LeaderRecord("node-a_6ba7b810", TimeSpan.FromSeconds(15), Then, Then.AddSeconds(7), 3);
        var written = await Store.Leaders.PutAsync("gc", record, default);

        Assert.NotEqual("", written!.Version);
        Assert.Equal(record with { Version = written.Version }, written);
        Assert.Equal(written, await (await AnotherClientAsync()).Leaders.FindAsync("gc", default));
        var nobodys = await Store.Leaders.PutAsync("gc", written with { Holder = "", Term = TimeSpan.FromSeconds(1) }, default);
        Assert.Equal(nobodys, await Store.Leaders.FindAsync("gc", default));
    }

    [Fact]
    public async Task A_leaders_record_is_written_only_from_its_version()
    {
        var first = (await Store.Leaders.PutAsync("gc", Leader("a"), default))!;
        var other = await AnotherClientAsync();

        Assert.Null(await other.Leaders.PutAsync("gc", Leader("b"), default));
        var second = (await other.Leaders.PutAsync("gc", first with { Holder = "b" }, default))!;
        Assert.NotEqual(first.Version, second.Version);
        Assert.Null(await Store.Leaders.PutAsync("gc", first with { Holder = "c" }, default));
        Assert.Equal(second, await Store.Leaders.FindAsync("gc", default));
    }

    [Fact]
    public async Task Each_role_has_a_leader_of_its_own_whatever_the_names()
    {
        string[] roles = ["gc", "GC", "role {ü}/:*"];
        var written = new List<LeaderRecord?>();
        foreach (var role in roles)
            written.Add(await Store.Leaders.PutAsync(role, Leader($"{role} c d\n"), default));

        for (var i = 0; i < roles.Length; i++)
            Assert.Equal(written[i], await Store.Leaders.FindAsync(roles[i], default));
    }

    [Fact]
    public async Task Of_many_who_want_to_lead_one_does()
    {
        var clients = new[] { Store, await AnotherClientAsync() };

        var leads = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => clients[i % 2].Leaders.PutAsync("gc", Leader($"{i}"), default))));

        var leader = Assert.Single(leads, static record => record is not null);
        Assert.Equal(leader, await Store.Leaders.FindAsync("gc", default));
    }

    [Fact]
    public async Task Of_candidates_that_come_and_go_never_two_lead_at_once()
    {
        var options = new CandidateOptions { LeaseDuration = TimeSpan.FromSeconds(1), RenewDeadline = TimeSpan.FromSeconds(0.7), RetryPeriod = TimeSpan.FromSeconds(0.1) };
        IIpamStore[] clients = [Store, await AnotherClientAsync()];
        using var end = new CancellationTokenSource();
        var candidates = Enumerable.Range(0, 3).Select(i => new Candidate(clients[i % 2].Leaders, "gc", $"{i}", options, TimeProvider.System, new Random(i))).ToArray();
        var running = candidates.Select(candidate => (Candidate: candidate, Stop: CancellationTokenSource.CreateLinkedTokenSource(end.Token))).Select(static one => (one.Candidate, one.Stop, Task: one.Candidate.RunAsync(one.Stop.Token))).ToArray();
        var leaders = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            var leading = await WaitForLeaderAsync();
            leaders.Add(leading.Name);
            Assert.Equal(leading.Name, (await Store.Leaders.FindAsync("gc", default))!.Holder);
            // A clean stop costs no term.
            var at = Array.FindIndex(running, one => one.Candidate == leading);
            await running[at].Stop.CancelAsync();
            await running[at].Task;
            Assert.False(leading.IsLeading);
            Assert.Equal(round == 2 ? "" : (await WaitForLeaderAsync()).Name, (await Store.Leaders.FindAsync("gc", default))!.Holder);
        }
        Assert.Equal(3, leaders.Count);
        Assert.Equal(2, (await Store.Leaders.FindAsync("gc", default))!.Transitions);

        async Task<Candidate> WaitForLeaderAsync()
        {
            Candidate? leading = null;
            await Wait.UntilAsync(() => (leading = Array.Find(candidates, static candidate => candidate.IsLeading)) is not null, "a leader");
            Assert.True(candidates.Count(static candidate => candidate.IsLeading) == 1);
            return leading!;
        }
    }

    private static LeaderRecord Leader(string holder) => new(holder, TimeSpan.FromSeconds(15), Then, Then, 0);
}
