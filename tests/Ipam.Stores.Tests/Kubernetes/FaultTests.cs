using System.Net.Http.Headers;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>A real API server behind a connection that fails: what was written is written once, and no answer claims what isn't so.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class FaultTests : IAsyncLifetime, IDisposable
{
    private readonly ControlPlane _plane;
    private readonly HttpClient _http;
    private FakeApi _between = null!;
    private KubernetesStore _store = null!;
    private KubernetesStore _direct = null!;

    /// <summary>What becomes of a request, after the server has answered it or before it gets it.</summary>
    private volatile Func<FakeRequest, (FakeReply? Instead, FakeReply? Afterwards)> _fault = static _ => (null, null);

    public FaultTests(ControlPlane plane)
    {
        _plane = plane;
        _http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true });
    }

    public async Task InitializeAsync()
    {
        _direct = await _plane.OpenAsync();
        _between = new FakeApi(ForwardAsync);
        _store = await _between.OpenAsync(new KubernetesStoreOptions { RequestTimeout = TimeSpan.FromSeconds(3) }, $"token: {ControlPlane.ServiceToken}");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _direct.DisposeAsync();
        await _between.DisposeAsync();
        await _plane.EmptyAsync();
    }

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("cut")]
    [InlineData("silence")]
    [InlineData("error")]
    public async Task A_write_that_was_done_but_not_answered_ends_in_a_failure_and_is_there_once(string fault)
    {
        await _store.PingAsync(default);
        _fault = request => (null, request.Method == "GET" ? null : Reply(fault));
        var creation = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"));

        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([creation], default));

        var block = Assert.Single(await _direct.ReadBlocksAsync([creation.Block.Id], default));
        Assert.Equal(creation.Block.Leases, block.Leases);

        var replacement = Change.Give(block, Some.Lease("10.0.0.2"));
        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([replacement], default));
        block = Assert.Single(await _direct.ReadBlocksAsync([block.Id], default));
        Assert.Equal(2, block.Leases.Count);

        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([Change.Delete(block)], default));
        Assert.Empty(await _direct.ReadBlocksAsync([block.Id], default));
        Assert.Equal(["POST", "PUT", "DELETE"], _between.Requests.Where(request => request.Method != "GET").Select(request => request.Method));
    }

    [Fact]
    public async Task After_an_unanswered_write_the_same_change_again_conflicts_and_shows_what_was_written()
    {
        var creation = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"));
        _fault = request => (null, request.Method == "GET" ? null : FakeReply.Cut);
        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([creation], default));
        _fault = static _ => (null, null);

        var result = Assert.Single(await _store.CommitAsync([creation], default));

        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal(creation.Block.Leases, Assert.Single(result.Current).Leases);
    }

    [Fact]
    public async Task A_write_that_never_arrived_leaves_no_trace()
    {
        var creation = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"));
        _fault = request => (request.Method == "GET" ? null : FakeReply.Cut, null);

        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([creation], default));

        Assert.Empty(await _direct.ListSummariesAsync(BlockFilter.All, default));
    }

    [Fact]
    public async Task Reads_go_on_when_every_other_one_is_cut()
    {
        var creation = Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"));
        await _direct.CommitAsync([creation], default);
        var reads = 0;
        _fault = request => (null, request.Method == "GET" && Interlocked.Increment(ref reads) % 2 == 1 ? FakeReply.Cut : null);

        for (var i = 0; i < 5; i++)
            Assert.Equal(creation.Block.Leases, Assert.Single(await _store.ReadBlocksAsync([creation.Block.Id], default)).Leases);
    }

    [Fact]
    public async Task A_conflict_whose_current_block_cannot_be_read_is_a_failure()
    {
        await _direct.CommitAsync([Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"))], default);
        _fault = static request => (request.Method == "GET" ? FakeReply.Refusal(503, "away", retryAfter: "60") : null, null);

        await Assert.ThrowsAsync<StoreException>(() => _store.CommitAsync([Change.Give(Some.NoBlock(), Some.Lease("10.0.0.2"))], default));
    }

    private static FakeReply Reply(string fault) => fault switch
    {
        "cut" => FakeReply.Cut,
        "silence" => FakeReply.Silence,
        _ => FakeReply.Refusal(504, "the server was unable to return a response in time"),
    };

    private async Task<FakeReply> ForwardAsync(FakeRequest request)
    {
        var (instead, afterwards) = _fault(request);
        if (instead is not null)
            return instead;
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), $"https://127.0.0.1:{_plane.Port}{request.Path}");
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.Token);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (request.Body.Length > 0)
            message.Content = new StringContent(request.Body, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.SendAsync(message);
        var body = await response.Content.ReadAsStringAsync();
        return afterwards ?? new FakeReply((int)response.StatusCode, body);
    }
}
