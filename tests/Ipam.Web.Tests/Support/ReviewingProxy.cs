using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Ipam.Web.Tests.Support;

/// <summary>
/// Passes requests on to an API server, with whoever sent them. Servers that were built for tests may lack TokenReview: they let through who may ask, and answer that there is no
/// such thing. Then the server is asked who he is as the one who has the token, which comes to the same.
/// </summary>
internal sealed class ReviewingProxy : IAsyncDisposable
{
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

    private readonly WebApplication _application;
    private readonly HttpClient _server;

    private ReviewingProxy(int port)
    {
        _server = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true }) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(PassOnAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Url => _application.Urls.Single();

    /// <summary>Starts one in front of the server on a port.</summary>
    public static async Task<ReviewingProxy> StartAsync(int port)
    {
        var proxy = new ReviewingProxy(port);
        await proxy._application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var answer = await SendAsync(context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.Headers.Authorization!, body.ToArray(), context.Request.ContentType);
        if (context.Request.Path == Reviews && answer.StatusCode == HttpStatusCode.NotFound)
        {
            context.Response.StatusCode = (int)HttpStatusCode.Created;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(await ReviewAsync(JsonNode.Parse(body.ToArray())!["spec"]!["token"]!.GetValue<string>()));
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task<string> ReviewAsync(string token)
    {
        using var answer = await SendAsync(
            "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", $"Bearer {token}", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"""u8.ToArray(), "application/json");
        var user = answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!["userInfo"]!.DeepClone() : new JsonObject();
        return new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenReview",
            ["metadata"] = new JsonObject(),
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject { ["authenticated"] = answer.IsSuccessStatusCode, ["user"] = user },
        }.ToJsonString();
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string authorization, byte[] body, string? type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type!) } };
        return await _server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
