using System.Diagnostics;
using System.Net;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>The table of STATUS in docs/configuration.md, row by row: a node must not leave the cluster for what isn't its fault.</summary>
public sealed class StatusVerbTests
{
    private const string Tiny = "\"subnet\": \"10.9.0.0/30\"";

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(Tiny)]
    [InlineData("\"pools\": [\"missing\"]")]
    public async Task An_exhausted_range_and_a_missing_pool_are_no_reason(string ipam)
    {
        await using var daemon = await TestDaemon.StartAsync();
        await ExhaustAsync(daemon);

        (await daemon.Client.CallAsync("status", NetworkJson.Text(ipam), null)).EnsureOk();
        await EnsureQuickAsync(daemon, ipam);
    }

    [Theory]
    [InlineData(5, "", true)]
    [InlineData(50, "", true)]
    [InlineData(90, "", false)]
    [InlineData(90, "\"statusGraceSeconds\": 120, ", true)]
    [InlineData(5, "\"statusGraceSeconds\": 2, ", false)]
    public async Task A_store_that_is_away_is_a_reason_after_the_grace_only(int seconds, string keys, bool isOk)
    {
        var time = new LeapingTime();
        await using var daemon = await TestDaemon.StartAsync(time);
        daemon.Store.Break("the API server is being upgraded");
        var began = Stopwatch.GetTimestamp();
        (await daemon.Client.CallAsync("add", NetworkJson.Text(Tiny), "c1")).EnsureError(11);
        time.Leap(TimeSpan.FromSeconds(seconds));

        var answer = await daemon.Client.CallAsync("status", NetworkJson.Text(keys + Tiny), null);

        if (isOk)
            answer.EnsureOk();
        else
        {
            // Between the leaps time goes on.
            var away = Enumerable.Range(seconds, 1 + (int)Stopwatch.GetElapsedTime(began).TotalSeconds);
            Assert.Contains(answer.EnsureError(50).Message, away.Select(static second => $"the store has been away for {second} s: the API server is being upgraded"));
        }
        await EnsureQuickAsync(daemon, keys + Tiny);

        daemon.Store.Mend();
        (await daemon.Client.CallAsync("add", NetworkJson.Text(Tiny), "c1")).EnsureOk();
        (await daemon.Client.CallAsync("status", NetworkJson.Text(keys + Tiny), null)).EnsureOk();
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_the_answer_waiting()
    {
        await using var daemon = await TestDaemon.StartAsync();
        _ = daemon.Store.Hang();

        await EnsureQuickAsync(daemon, Tiny);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(2, 0)]
    public async Task A_store_that_hangs_is_away_when_the_grace_is_over_and_not_only_when_its_calls_give_up(int seconds, int grace)
    {
        var keys = $"\"statusGraceSeconds\": {grace}, {Tiny}";
        var time = new LeapingTime();
        await using var daemon = await TestDaemon.StartAsync(time);
        time.Leap(TimeSpan.FromSeconds(seconds));
        // It was not asked for a while, and serves.
        (await daemon.Client.CallAsync("status", NetworkJson.Text(keys), null)).EnsureOk();

        _ = daemon.Store.Hang();
        (await daemon.Client.CallAsync("status", NetworkJson.Text("\"statusGraceSeconds\": 120, " + Tiny), null)).EnsureOk();
        ServiceAnswer answer;
        var began = Stopwatch.GetTimestamp();
        long start;
        do
        {
            // A call that had got through before may end only now, and shows that the store was there.
            time.Leap(TimeSpan.FromSeconds(seconds));
            start = Stopwatch.GetTimestamp();
            answer = await daemon.Client.CallAsync("status", NetworkJson.Text(keys), null);
        }
        while (answer.Status == HttpStatusCode.OK && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));

        Assert.Matches("^the store has been away for [0-9]+ s: it doesn't answer; check that it is up and not overloaded$", answer.EnsureError(50).Message);
        // It waited for the store, and not for long; this machine may be busy.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        daemon.Store.Mend();
        await Wait.UntilAsync(async () => (await daemon.Client.CallAsync("status", NetworkJson.Text(keys), null)).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_a_restart_the_store_has_the_grace_to_come_back()
    {
        var time = new LeapingTime();
        await using var daemon = await TestDaemon.StartAsync(static options => options, static store => store.Break("not yet"), time: time);

        (await daemon.Client.CallAsync("status", NetworkJson.Text(Tiny), null)).EnsureOk();
        time.Leap(TimeSpan.FromSeconds(61));
        Assert.EndsWith(": not yet", (await daemon.Client.CallAsync("status", NetworkJson.Text(Tiny), null)).EnsureError(50).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_says_what_ADD_would_say()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var strict = NetworkJson.Text($"\"status\": \"strict\", {Tiny}");
        (await daemon.Client.CallAsync("status", strict, null)).EnsureOk();
        var refused = await ExhaustAsync(daemon);

        var error = (await daemon.Client.CallAsync("status", strict, null)).EnsureError(50);

        Assert.Equal((refused.EnsureError(100).Message, refused.Error.Details), (error.Message, error.Details));
        daemon.Store.Break("gone");
        (await daemon.Client.CallAsync("status", strict, null)).EnsureError(50);
    }

    [Fact]
    public async Task Strict_says_no_where_all_blocks_are_other_nodes_and_none_may_be_borrowed_from()
    {
        using var folder = new TempFolder();
        const string keys = "\"subnet\": \"10.9.1.0/26\", \"affinity\": \"node\", \"strict\": true";
        await using var there = await TestDaemon.StartAsync(folder.Combine("ipam.db"), "there");
        (await there.Client.CallAsync("add", NetworkJson.Text(keys), "c1")).EnsureOk();
        await using var here = await TestDaemon.StartAsync(folder.Combine("ipam.db"), "here");

        var add = (await here.Client.CallAsync("add", NetworkJson.Text(keys), "c2")).EnsureError(100);
        var status = (await here.Client.CallAsync("status", NetworkJson.Text("\"status\": \"strict\", " + keys), null)).EnsureError(50);

        Assert.Equal((add.Message, add.Details), (status.Message, status.Details));
        (await here.Client.CallAsync("status", NetworkJson.Text(keys), null)).EnsureOk();
    }

    [Theory]
    [InlineData("\"subnet\": \"10.9.1.0/26\", \"affinity\": \"node\", \"strict\": true", "set strict to false in ipam")]
    [InlineData("\"pools\": [\"blue\"]", "run 'ipamctl pool edit blue --set strict=false'")]
    public async Task What_is_free_in_other_nodes_blocks_is_told_to_who_may_not_have_it(string keys, string remedy)
    {
        using var folder = new TempFolder();
        await TestDaemon.CreatePoolAsync(
            folder.Combine("ipam.db"),
            new Pool
            {
                Name = "blue",
                Ranges = [new PoolRange { Subnet = Prefix.Parse("10.9.1.0/26") }],
                Policy = new AllocationPolicy { Affinity = BlockAffinity.Node, IsStrict = true },
            });
        await using var there = await TestDaemon.StartAsync(folder.Combine("ipam.db"), "there");
        (await there.Client.CallAsync("add", NetworkJson.Text(keys), "c1")).EnsureOk();
        await using var here = await TestDaemon.StartAsync(folder.Combine("ipam.db"), "here");

        var error = (await here.Client.CallAsync("add", NetworkJson.Text(keys), "c2")).EnsureError(100);

        Assert.StartsWith(
            $"1 held in space \"default\"; 60 more are free in blocks of other nodes, which strict keeps this node from; to let it borrow them, {remedy}; see them with",
            error.Details, StringComparison.Ordinal);
        Assert.Equal(error.Details, (await here.Client.CallAsync("status", NetworkJson.Text("\"status\": \"strict\", " + keys), null)).EnsureError(50).Details);
        // What lets the node borrow says no such thing.
        (await here.Client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.9.1.0/26\", \"affinity\": \"node\""), "c2")).EnsureOk();
    }

    /// <summary>Takes what the tiny range has. Returns the refusal that follows.</summary>
    private static async Task<ServiceAnswer> ExhaustAsync(TestDaemon daemon)
    {
        (await daemon.Client.CallAsync("add", NetworkJson.Text(Tiny), "last")).EnsureOk();
        return await daemon.Client.CallAsync("add", NetworkJson.Text(Tiny), "one-too-many");
    }

    /// <summary>The quickest of several: others may be busy on this machine.</summary>
    private static async Task EnsureQuickAsync(TestDaemon daemon, string ipam)
    {
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < 20 && quickest > Quick; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await daemon.Client.CallAsync("status", NetworkJson.Text(ipam), null);
            var elapsed = Stopwatch.GetElapsedTime(start);
            quickest = elapsed < quickest ? elapsed : quickest;
        }
        Assert.InRange(quickest, TimeSpan.Zero, Quick);
    }

    /// <summary>The system's clock, whose monotonic part can be put forward, too.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long _leapt;

        public void Leap(TimeSpan by) => Interlocked.Add(ref _leapt, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _leapt);
    }
}
