using System.Net;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Http;

/// <summary>What is served where.</summary>
public sealed class RouteTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.1.0.0/24"
        """);

    [Theory]
    [InlineData("/healthz", "ok\n")]
    [InlineData("/readyz", "ready\n")]
    public async Task Health(string path, string body)
    {
        var answer = (await service.Client.GetAsync(path)).EnsureOk();

        Assert.Equal(body, answer.Body);
        Assert.Equal("text/plain", answer.ContentType);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/cni")]
    [InlineData("/cni/")]
    [InlineData("/cni/version")]
    [InlineData("/CNI/ADD")]
    [InlineData("/cni/add/")]
    [InlineData("/metrics/x")]
    public async Task What_there_is_not_is_404_and_says_what_there_is(string path)
    {
        var answer = await service.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("not found; there are POST /cni/add|del|check|status|gc and GET /healthz, /readyz, /metrics\n", answer.Body);
    }

    [Theory]
    [InlineData("GET", "/cni/add", "POST")]
    [InlineData("PUT", "/cni/gc", "POST")]
    [InlineData("POST", "/metrics", "GET")]
    [InlineData("DELETE", "/healthz", "GET")]
    public async Task Another_method_is_405_and_says_which_is_right(string method, string path, string allowed)
    {
        using var connection = await RawConnection.OpenAsync(service.Daemon.Options.Socket);
        await connection.SendAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        var answer = await connection.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nAllow: {allowed}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"method {method} not allowed; there are POST ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_life_of_an_attachment()
    {
        Assert.Equal("10.1.0.2/24", (await service.Client.CallAsync("add", Network, "life")).Addresses);
        Assert.Equal("10.1.0.2/24", (await service.Client.CallAsync("add", Network, "life")).Addresses);
        foreach (var verb in (string[])["check", "status", "gc", "del", "del"])
            Assert.Empty((await service.Client.CallAsync(verb, Network, "life")).EnsureOk().Body);
        Assert.Empty(await service.Daemon.LeasesOf("life"));
        (await service.Client.CallAsync("check", Network, "life")).EnsureError(102);
    }

    [Fact]
    public async Task Requests_are_counted_by_verb_and_result()
    {
        (await service.Client.CallAsync("add", Network, "counted")).EnsureOk();
        (await service.Client.CallAsync("add", NetworkJson.Text(""), "refused")).EnsureError(7);
        (await service.Client.CallAsync("del", Network, "counted")).EnsureOk();

        var page = await service.Daemon.MetricsAsync();

        Assert.True(page["""ipamsuite_request_duration_seconds_count{verb="ADD",result="ok"}"""] >= 1);
        Assert.Equal(1, page["""ipamsuite_request_duration_seconds_count{verb="ADD",result="7"}"""]);
        Assert.True(page["""ipamsuite_request_duration_seconds_count{verb="DEL",result="ok"}"""] >= 1);
        Assert.True(page["ipamsuite_commit_requests_count"] >= 2);
        Assert.True(page["ipamsuite_commit_duration_seconds_sum"] > 0);
        Assert.Equal(1, page["ipamsuite_ready"]);
        Assert.Equal(0, page["ipamsuite_spooled_releases"]);
        Assert.Equal(253, page["""ipamsuite_range_addresses{space="default",range="10.1.0.2-10.1.0.254"}"""]);
    }
}
