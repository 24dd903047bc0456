using System.Net;
using System.Net.Http.Headers;
using Ipam.Web.Tests.Support;

namespace Ipam.Web.Tests.Http;

public sealed class SiteTests(SqliteSite sample) : IClassFixture<SqliteSite>
{
    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("nowhere", HttpStatusCode.NotFound)]
    [InlineData("pool/none", HttpStatusCode.NotFound)]
    [InlineData("address/default/nonsense", HttpStatusCode.NotFound)]
    [InlineData("address/%3Cb%3E/10.1.0.1", HttpStatusCode.NotFound)]
    [InlineData("pool", HttpStatusCode.NotFound)]
    [InlineData("explain?pod=x", HttpStatusCode.BadRequest)]
    [InlineData("assets/../Program.cs", HttpStatusCode.NotFound)]
    [InlineData("assets/ipam.css", HttpStatusCode.OK)]
    [InlineData("healthz", HttpStatusCode.OK)]
    public async Task Every_answer_keeps_a_browser_safe(string path, HttpStatusCode expected)
    {
        using var response = await sample.Site.Http.GetAsync(path);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
        Assert.Equal(path.StartsWith("assets/ipam", StringComparison.Ordinal) ? "no-cache" : "no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Nothing_but_looking_is_possible(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "");
        using var response = await sample.Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task HEAD_has_no_content()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "pool/blue");
        using var response = await sample.Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("10.1.2.3", HttpStatusCode.MisdirectedRequest)]
    public async Task On_this_machine_it_answers_under_no_name_of_others(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Host = host;
        using var response = await sample.Site.Http.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_file_that_a_browser_has_is_not_sent_again()
    {
        using var first = await sample.Site.Http.GetAsync("assets/ipam.js");
        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, "assets/ipam.js");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        using var second = await sample.Site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
