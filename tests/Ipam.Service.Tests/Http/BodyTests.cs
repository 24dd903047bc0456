using System.Diagnostics;
using System.Text;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>Bodies that are wrong, broken, large or slow. After each the service goes on serving.</summary>
public sealed class BodyTests : IAsyncLifetime
{
    private const int Limit = 4 << 20;

    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.3.0.0/16"
        """);

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync(requestTimeout: TimeSpan.FromSeconds(2));

    public async Task DisposeAsync()
    {
        Assert.Equal("ok\n", (await _daemon.Client.GetAsync("/healthz")).Body);
        Assert.Empty(await _daemon.LeasesOf("raw"));
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("{", 6)]
    [InlineData("[]", 6)]
    [InlineData("null", 7)]
    [InlineData("{}", 7)]
    [InlineData("\0", 6)]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "net" }""", 7)]
    [InlineData("""{ "cniVersion": "9.9.9", "name": "net" }""", 1)]
    public async Task What_is_no_configuration_is_refused(string body, int code) =>
        (await _daemon.Client.CallAsync("add", body)).EnsureError(code);

    [Theory]
    [InlineData("check", "0.3.1")]
    [InlineData("status", "1.0.0")]
    [InlineData("gc", "0.4.0")]
    public async Task A_version_without_the_verb_is_code_1(string verb, string version) =>
        (await _daemon.Client.CallAsync(verb, NetworkJson.Text("", version: version))).EnsureError(1);

    [Fact]
    public async Task A_body_of_the_largest_size_is_served()
    {
        var padding = new string(' ', Limit - Encoding.UTF8.GetByteCount(Network));

        (await _daemon.Client.CallAsync("add", Network + padding, "large")).EnsureOk();
    }

    [Fact]
    public async Task A_larger_one_is_refused()
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        await connection.SendAsync(RawConnection.AddHead(Limit + 1));

        var answer = await connection.ReadToEndAsync();

        Assert.Contains("\"code\":5,\"msg\":\"error reading the request: ", answer, StringComparison.Ordinal);
        Assert.Contains("4194304 bytes", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_in_chunks_is_served()
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        await connection.SendAsync(RawConnection.AddHead(0, "chunks").Replace("Content-Length: 0", "Transfer-Encoding: chunked", StringComparison.Ordinal));
        foreach (var part in Network.Chunk(7))
            await connection.SendAsync($"{part.Length:x}\r\n{new string(part)}\r\n");
        await connection.SendAsync("0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("POST /cni/add HTTP/1.1\r\n\r\n")]
    [InlineData("POST /cni/add HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("POST /cni/add HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")]
    [InlineData("POST /cni/add HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task What_is_no_HTTP_is_refused_or_dropped(string bytes)
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        await connection.SendAsync(bytes);
        connection.Finish();

        var answer = await connection.ReadToEndAsync();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task A_head_beyond_the_limit_is_refused()
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        await connection.SendAsync(RawConnection.AddHead(2).Replace("\r\n\r\n", $"\r\nX: {new string('x', 1 << 20)}\r\n\r\n{{}}", StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 431 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_byte_by_byte_is_served()
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        foreach (var c in RawConnection.AddHead(Network.Length, "slow") + Network)
            await connection.SendAsync(c.ToString());

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_finishes_its_request_is_answered_when_its_time_is_up()
    {
        using var connection = await RawConnection.OpenAsync(_daemon.Options.Socket);
        await connection.SendAsync(RawConnection.AddHead(Network.Length) + Network[..10]);
        var start = Stopwatch.GetTimestamp();

        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":11,\"msg\":\"ipamd did not finish within 2 s\"", answer, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_its_request_leaves_nothing()
    {
        using (var connection = await RawConnection.OpenAsync(_daemon.Options.Socket))
            await connection.SendAsync(RawConnection.AddHead(Network.Length) + Network[..10]);
        using (var connection = await RawConnection.OpenAsync(_daemon.Options.Socket))
            await connection.SendAsync(RawConnection.AddHead(Network.Length)[..50]);

        (await _daemon.Client.CallAsync("add", Network, "after")).EnsureOk();
    }
}
