using System.Diagnostics;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>What the client makes of a server that is busy, fails, refuses, or goes away.</summary>
public sealed class RequestTests
{
    private const string EmptyList = """{"kind":"List","metadata":{"resourceVersion":"10"},"items":[]}""";

    private static readonly BlockChange Creation = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"));

    private static readonly BlockChange Replacement = Change.Give(Some.NoBlock() with { Version = 7 }, Some.Lease("10.0.0.1"));

    private static readonly BlockChange Deletion = Change.Delete(Some.NoBlock() with { Version = 7 });

    public static TheoryData<string> Writes => ["POST", "PUT", "DELETE"];

    [Fact]
    public async Task A_read_is_repeated_while_the_server_fails()
    {
        var failures = 2;
        await using var api = new FakeApi(request => IsProbe(request) || failures-- <= 0 ? new FakeReply(200, EmptyList) : FakeReply.Refusal(503, "etcd is away"));
        await using var store = await api.OpenAsync();

        Assert.Empty(await store.ListSummariesAsync(BlockFilter.All, default));
        Assert.Equal(3, api.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_that_the_server_failed_at_is_not_repeated_for_it_may_have_been_done(string method)
    {
        await using var api = new FakeApi(request => request.Method == "GET" ? new FakeReply(200, EmptyList) : FakeReply.Refusal(504, "timed out"));
        await using var store = await api.OpenAsync();

        var message = await MustFailAsync(() => store.CommitAsync([ChangeBy(method)], default));

        Assert.Contains("status 504 (timed out)", message, StringComparison.Ordinal);
        Assert.Equal(method, Assert.Single(api.Requests).Method);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_write_whose_connection_breaks_before_the_answer_is_sent_once(string method)
    {
        await using var api = new FakeApi(request => request.Method == "GET" ? new FakeReply(200, EmptyList) : FakeReply.Cut);
        await using var store = await api.OpenAsync();
        // So that there is a connection that was used before, which is where HTTP clients repeat of their own accord.
        await store.PingAsync(default);
        api.Requests.Clear();

        var message = await MustFailAsync(() => store.CommitAsync([ChangeBy(method)], default));

        Assert.Contains("can't be reached", message, StringComparison.Ordinal);
        Assert.Equal(method, Assert.Single(api.Requests).Method);
    }

    [Fact]
    public async Task A_write_that_a_busy_server_did_not_take_on_is_repeated_when_it_says()
    {
        var busy = 1;
        await using var api = new FakeApi(request => request.Method == "GET" ? new FakeReply(200, EmptyList)
            : busy-- > 0 ? FakeReply.Refusal(429, "too many requests", retryAfter: "1")
            : new FakeReply(201, """{"metadata":{"name":"x","resourceVersion":"77"}}"""));
        await using var store = await api.OpenAsync();
        var watch = Stopwatch.StartNew();

        var result = Assert.Single(await store.CommitAsync([Creation], default));

        Assert.Equal((CommitStatus.Committed, 77), (result.Status, result.Version));
        Assert.Equal(2, api.Requests.Count);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_busy_server_that_wants_to_be_left_alone_for_longer_than_we_may_wait_is_reported_at_once()
    {
        await using var api = new FakeApi(request => IsProbe(request) ? new FakeReply(200, EmptyList) : FakeReply.Refusal(429, "come back later", retryAfter: "60"));
        await using var store = await api.OpenAsync();
        var watch = Stopwatch.StartNew();

        var message = await MustFailAsync(() => store.ListSpacesAsync(default));

        Assert.Contains("is too busy to list ipblocks.ipamsuite.dev (come back later)", message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_time_out()
    {
        await using var api = new FakeApi(request => IsProbe(request) ? new FakeReply(200, EmptyList) : FakeReply.Silence);
        await using var store = await api.OpenAsync(new KubernetesStoreOptions { RequestTimeout = TimeSpan.FromMilliseconds(300) });

        var message = await MustFailAsync(() => store.CommitAsync([Creation], default));

        Assert.Contains("didn't answer within 0.3 s to create ipblocks.ipamsuite.dev", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_a_cancellation_not_a_failure()
    {
        await using var api = new FakeApi(request => IsProbe(request) ? new FakeReply(200, EmptyList) : FakeReply.Silence);
        await using var store = await api.OpenAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CommitAsync([Creation], soon.Token));
    }

    [Theory]
    [InlineData(403, "ipblocks is forbidden: User x cannot list", "doesn't let us list ipblocks.ipamsuite.dev (ipblocks is forbidden: User x cannot list)")]
    [InlineData(422, "spec.prefix: has host bits", "finds fault with what we list of ipblocks.ipamsuite.dev: spec.prefix: has host bits")]
    [InlineData(404, "the server could not find the requested resource", "define it with 'kubectl apply -f deploy/kubernetes/crds'")]
    [InlineData(413, "limit is 3145728", "takes no object of this size")]
    [InlineData(418, "teapot", "failed to list ipblocks.ipamsuite.dev with status 418 (teapot)")]
    public async Task A_refusal_says_what_was_asked_what_was_answered_and_what_to_do(int status, string said, string expected)
    {
        await using var api = new FakeApi(request => IsProbe(request) ? new FakeReply(200, EmptyList) : FakeReply.Refusal(status, said));
        await using var store = await api.OpenAsync();

        Assert.Contains(expected, await MustFailAsync(() => store.ListSpacesAsync(default)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>welcome</html>", "it is no JSON at line 1, byte 1")]
    [InlineData("{\n  <html>", "it is no JSON at line 2, byte 3")]
    [InlineData("[]", "no JSON object")]
    [InlineData("", "it is no JSON at line 1, byte 1")]
    public async Task An_answer_that_is_no_object_of_the_API_is_reported(string body, string why)
    {
        await using var api = new FakeApi(_ => new FakeReply(200, body));

        Assert.Contains($": {why}; is it a Kubernetes API server?", await MustFailAsync(() => api.OpenAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_changes_one_that_fails_fails_the_commit_after_all_have_ended()
    {
        var ended = 0;
        await using var api = new FakeApi(async request =>
        {
            if (request.Method == "GET")
                return new FakeReply(200, EmptyList);
            if (request.Body.Contains("10.0.9.", StringComparison.Ordinal))
                return FakeReply.Refusal(500, "broken");
            await Task.Delay(200);
            Interlocked.Increment(ref ended);
            return new FakeReply(201, """{"metadata":{"name":"x","resourceVersion":"5"}}""");
        });
        await using var store = await api.OpenAsync();

        var message = await MustFailAsync(() => store.CommitAsync(
            [Change.Give(Some.NoBlock("10.0.9.0"), Some.Lease("10.0.9.1")), Creation, Change.Give(Some.NoBlock("10.0.2.0"), Some.Lease("10.0.2.1"))], default));

        Assert.Contains("broken", message, StringComparison.Ordinal);
        Assert.Equal(2, ended);
    }

    [Fact]
    public async Task A_deletion_names_the_version_that_the_block_must_have()
    {
        await using var api = new FakeApi(request => request.Method == "GET" ? new FakeReply(200, EmptyList) : new FakeReply(200));
        await using var store = await api.OpenAsync();

        await store.CommitAsync([Deletion], default);

        Assert.Contains("\"preconditions\":{\"resourceVersion\":\"7\"}", Assert.Single(api.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summaries_are_asked_for_without_the_leases()
    {
        await using var api = new FakeApi(_ => new FakeReply(200, EmptyList));
        await using var store = await api.OpenAsync();

        await store.ListSummariesAsync(new BlockFilter("red", "node-a"), default);

        Assert.All(api.Requests, request => Assert.Contains("as=PartialObjectMetadataList", request.Accept, StringComparison.Ordinal));
        Assert.Equal(2, api.Requests.Count);
        Assert.All(api.Requests, request => Assert.Contains("labelSelector=ipamsuite.dev%2Fspace%3Dred%2C", request.Path, StringComparison.Ordinal));
        // The second listing is of the same instant as the first.
        Assert.Contains("resourceVersionMatch=Exact&resourceVersion=10", api.Requests.Last().Path, StringComparison.Ordinal);
    }

    private static bool IsProbe(FakeRequest request) => request.Path.Contains("limit=1", StringComparison.Ordinal) && !request.Path.Contains("limit=1&", StringComparison.Ordinal);

    private static BlockChange ChangeBy(string method) => method switch { "POST" => Creation, "PUT" => Replacement, _ => Deletion };

    private static async Task<string> MustFailAsync(Func<Task> call) => (await Assert.ThrowsAsync<StoreException>(call)).Message;
}
