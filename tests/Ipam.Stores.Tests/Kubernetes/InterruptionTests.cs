using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>After which failures the API server may come back with an older copy of its data.</summary>
public sealed class InterruptionTests
{
    private static readonly FakeReply NoObjects = new(200, """{"metadata":{"resourceVersion":"10"},"items":[]}""");

    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_failure_among_answers_is_none_and_half_a_second_without_an_answer_is_one()
    {
        var interruptions = new Interruptions(_time);
        interruptions.Failed();
        Advance(499);
        Assert.Equal(0, interruptions.Count);
        interruptions.Answered(_time.GetTimestamp());
        Advance(1000);
        Assert.Equal(0, interruptions.Count);

        interruptions.Failed();
        Advance(300);
        interruptions.Failed();
        Advance(200);
        // Whoever writes now writes to a server that may have been set back.
        Assert.Equal(1, interruptions.Count);
        interruptions.Answered(_time.GetTimestamp());
        Advance(1000);
        Assert.Equal(1, interruptions.Count);
    }

    [Fact]
    public void The_answer_to_a_request_from_before_the_failure_says_nothing()
    {
        var interruptions = new Interruptions(_time);
        var begunAt = _time.GetTimestamp();
        Advance(1);
        interruptions.Failed();
        interruptions.Answered(begunAt);
        Advance(500);
        Assert.Equal(1, interruptions.Count);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("cut")]
    [InlineData("silence")]
    public async Task A_server_that_fails_is_away_until_it_answers(string fault)
    {
        var isAway = false;
        var failure = fault switch
        {
            "error" => new FakeReply(500, """{"kind":"Status","code":500,"message":"etcdserver: no leader"}"""),
            "cut" => FakeReply.Cut,
            _ => FakeReply.Silence,
        };
        await using var api = new FakeApi(_ => isAway ? failure : NoObjects);
        await using var store = await api.OpenAsync(new KubernetesStoreOptions { RequestTimeout = TimeSpan.FromSeconds(1.5) });
        Assert.Equal(0, store.Past.Interruptions);

        isAway = true;
        await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default));
        await Wait.UntilAsync(() => store.Past.Interruptions == 1);
        isAway = false;
        await store.PingAsync(default);
        await Task.Delay(600);
        Assert.Equal(1, store.Past.Interruptions);
    }

    [Fact]
    public async Task A_server_that_is_away_when_it_is_to_be_opened_is_interrupted()
    {
        var isAway = true;
        await using var api = new FakeApi(_ => isAway ? FakeReply.Cut : NoObjects);
        await using var store = new KubernetesStore(new KubernetesUrl(await api.KubeconfigAsync()), TimeProvider.System);
        await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default));
        await Task.Delay(600);
        isAway = false;
        await store.OpenAsync(default);
        Assert.Equal(1, store.Past.Interruptions);
    }

    [Fact]
    public async Task A_watch_that_is_cut_and_goes_on_at_once_is_none()
    {
        // However slow the machine is, it isn't the server that is away.
        var time = new TimeByRequests();
        await using var api = new FakeApi(request =>
        {
            time.Pass(TimeSpan.FromMilliseconds(40));
            return request.Path.Contains("watch=1", StringComparison.Ordinal) ? new FakeReply(200, "") : NoObjects;
        });
        await using var store = new KubernetesStore(new KubernetesUrl(await api.KubeconfigAsync()), time);
        await store.OpenAsync(default);
        await store.Pools.ReadRevisionAsync(default);
        await Wait.UntilAsync(() => api.Requests.Count(static request => request.Path.Contains("watch=1", StringComparison.Ordinal)) >= 12);
        Assert.Equal(0, store.Past.Interruptions);
    }

    [Fact]
    public async Task An_idle_node_notices_by_its_watches()
    {
        var api = new FakeApi(static request =>
            request.Path.Contains("watch=1", StringComparison.Ordinal) ? new FakeReply(200, "", StaysOpen: true) : NoObjects);
        await using var store = await api.OpenAsync();
        await store.Pools.ReadRevisionAsync(default);
        await Wait.UntilAsync(() => api.Requests.Count(static request => request.Path.Contains("watch=1", StringComparison.Ordinal)) >= 2);
        Assert.Equal(0, store.Past.Interruptions);
        await api.DisposeAsync();
        await Wait.UntilAsync(() => store.Past.Interruptions == 1);
    }

    /// <summary>A clock that goes on with the requests alone; what waits, waits by the machine's.</summary>
    private sealed class TimeByRequests : TimeProvider
    {
        private long _passed;

        public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _passed);
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
