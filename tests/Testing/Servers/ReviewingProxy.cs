using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Testing.Servers;

/// <summary>
/// Passes requests on to an API server, with whoever sent them. Servers that were built for tests may lack TokenReview and TokenRequest: they let through who may ask, and answer
/// that there is no such thing. Then the server is asked who he is as the one who has the token, which comes to the same, and tokens for an account are made here.
/// </summary>
public sealed class ReviewingProxy : IAsyncDisposable
{
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";


    /// <summary>Who has a token that was made here, and for whom it is good.</summary>
    private readonly ConcurrentDictionary<string, (string User, JsonNode Audiences)> _made = new(StringComparer.Ordinal);
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
        var authorization = context.Request.Headers.Authorization.ToString();
        // They are made for somebody else than the API.
        if (_made.ContainsKey(authorization["Bearer ".Length..]))
        {
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return;
        }
        using var answer = await SendAsync(context.Request.Method, context.Request.Path + context.Request.QueryString, authorization, body.ToArray(), context.Request.ContentType);
        if (answer.StatusCode == HttpStatusCode.NotFound && await InsteadAsync(context.Request.Path, body.ToArray()) is { } instead)
        {
            context.Response.StatusCode = (int)HttpStatusCode.Created;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(instead.ToJsonString());
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>What a server would answer that lacks nothing; null for anything else.</summary>
    private async Task<JsonObject?> InsteadAsync(string path, byte[] body) =>
        path == Reviews ? await ReviewAsync(JsonNode.Parse(body)!["spec"]!)
        : path.Split('/') is ["", "api", "v1", "namespaces", var space, "serviceaccounts", var name, "token"] ? Make($"system:serviceaccount:{space}:{name}", JsonNode.Parse(body)!["spec"]!)
        : null;

    private JsonObject Make(string user, JsonNode spec)
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _made[token] = (user, spec["audiences"]!.DeepClone());
        return new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = spec.DeepClone(), ["status"] = new JsonObject { ["token"] = token } };
    }

    private async Task<JsonObject> ReviewAsync(JsonNode spec)
    {
        var (token, audiences) = (spec["token"]!.GetValue<string>(), spec["audiences"]);
        var status = new JsonObject { ["authenticated"] = false };
        if (_made.TryGetValue(token, out var made))
        {
            if (audiences is not null && JsonNode.DeepEquals(audiences, made.Audiences))
                status = new JsonObject { ["authenticated"] = true, ["user"] = new JsonObject { ["username"] = made.User }, ["audiences"] = made.Audiences.DeepClone() };
        }
        else if (audiences is null)
        {
            using var answer = await SendAsync(
                "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", $"Bearer {token}", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"""u8.ToArray(), "application/json");
            if (answer.IsSuccessStatusCode)
                status = new JsonObject { ["authenticated"] = true, ["user"] = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!["userInfo"]!.DeepClone() };
        }
        return new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenReview", ["metadata"] = new JsonObject(), ["spec"] = new JsonObject(), ["status"] = status };
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
