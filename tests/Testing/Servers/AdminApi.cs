using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Testing.Servers;

/// <summary>The API as an administrator uses it, without any of the code under test.</summary>
public sealed class AdminApi : IDisposable
{
    private readonly HttpClientHandler _handler;
    private readonly HttpClient _http;

    /// <param name="address">Where the server listens.</param>
    /// <param name="port">Its port.</param>
    /// <param name="certificate">The administrator's, in PEM.</param>
    /// <param name="key">Its key, in PEM.</param>
    public AdminApi(IPAddress address, int port, string certificate, string key)
    {
        _handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true };
        using var pem = X509Certificate2.CreateFromPem(certificate, key);
        _handler.ClientCertificates.Add(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
        _http = NewClient(new Uri($"https://{address}:{port}/"));
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    /// <summary>The API as a user sees it, whom the administrator impersonates.</summary>
    public HttpClient AsUser(string user)
    {
        var http = NewClient(_http.BaseAddress!);
        http.DefaultRequestHeaders.Add("Impersonate-User", user);
        return http;
    }

    /// <summary>Sends a request and returns status and text, whatever they are.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string body = "", string contentType = "application/json")
    {
        while (true)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body.Length > 0)
            {
                request.Content = new StringContent(body, Encoding.UTF8);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
            }
            using var response = await _http.SendAsync(request);
            // The server says so while it makes room for a kind of object that was just defined.
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
                return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Sends a request that must be granted.</summary>
    public async Task<string> MustAsync(HttpMethod method, string path, string body = "", string contentType = "application/json")
    {
        var (status, text) = await SendAsync(method, path, body, contentType);
        Assert.True((int)status < 300, $"{method} {path}: {status} {text}");
        return text;
    }

    /// <summary>Creates the objects of a file.</summary>
    public async Task ApplyAsync(string file)
    {
        foreach (var document in (await File.ReadAllTextAsync(file)).Split("\n---\n"))
        {
            var kind = document.Split('\n').Single(line => line.StartsWith("kind: ", StringComparison.Ordinal))[6..];
            var space = document.Split('\n').FirstOrDefault(static line => line.StartsWith("  namespace: ", StringComparison.Ordinal))?[13..];
            var within = space is null ? "" : $"namespaces/{space}/";
            var path = kind switch
            {
                "CustomResourceDefinition" => "apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "Namespace" => "api/v1/namespaces",
                "ServiceAccount" => $"api/v1/{within}serviceaccounts",
                _ => $"apis/rbac.authorization.k8s.io/v1/{within}{kind.ToLowerInvariant()}s",
            };
            await MustAsync(HttpMethod.Post, path, document, "application/yaml");
        }
    }

    private HttpClient NewClient(Uri server) => new(_handler, disposeHandler: false) { BaseAddress = server };
}
