using System.Net;
using System.Net.Http.Headers;
using Ipam.Stores;
using Ipam.Web.Options;
using Ipam.Web.Tests.Support;

namespace Ipam.Web.Tests.Http;

/// <summary>Who gets in with <c>--auth kubernetes</c>, as a real API server says.</summary>
[NeedsControlPlane]
public sealed class GateTests(ControlPlane plane) : IClassFixture<ControlPlane>, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private ReviewingProxy _proxy = null!;
    private RunningSite _site = null!;

    public async Task InitializeAsync()
    {
        if (ControlPlaneAssets.Folder is null)
            return;
        // The first ipamd gives a store its identity; who only looks can't.
        await using (var store = StoreFactory.Create($"kubernetes:{plane.Kubeconfig()}", TimeProvider.System))
        {
            await store.OpenAsync(default);
            await store.Past.ReadAsync(default);
        }
        _proxy = await ReviewingProxy.StartAsync(plane.Port);
        var kubeconfig = _folder.Write("kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test, namespace: {{{KubernetesServer.Namespace}}}}}]
            clusters: [{name: test, cluster: {server: "{{{_proxy.Url}}}"}}]
            users: [{name: test, user: {token: {{{KubernetesServer.WebToken}}}}}]
            """);
        _site = await RunningSite.StartAsync($"kubernetes:{kubeconfig}", static options => options with { Auth = AuthKind.Kubernetes });
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [ServerTheory]
    [InlineData(KubernetesServer.ServiceToken, HttpStatusCode.OK)]
    [InlineData(KubernetesServer.NobodysToken, HttpStatusCode.Forbidden)]
    [InlineData("token-that-nobody-has", HttpStatusCode.Unauthorized)]
    [InlineData("not a token", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task Who_may_list_our_objects_may_look(string? token, HttpStatusCode expected) => Assert.Equal(expected, await AskAsync(token));

    [ServerFact]
    public async Task Nothing_but_the_style_and_the_health_is_shown_to_strangers()
    {
        foreach (var path in (string[])["", "pool/x", "leases", "history?q=x", "explain", "nodes", "check", "nowhere", "address/default/10.1.0.1"])
        {
            using var response = await _site.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
        Assert.Contains("color-scheme", await _site.ReadAsync("assets/ipam.css"), StringComparison.Ordinal);
        Assert.Contains("ok", await _site.ReadAsync("healthz"), StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task The_form_keeps_the_token_where_no_script_finds_it()
    {
        using var taken = await PostAsync(KubernetesServer.ServiceToken, null);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (taken.StatusCode, taken.Headers.Location!.ToString()));
        var cookie = taken.Headers.GetValues("Set-Cookie").Single();
        Assert.Equal($"ipam-token={KubernetesServer.ServiceToken}; path=/; samesite=strict; httponly", cookie);
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var page = await _site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var gone = await PostAsync("", null);
        Assert.Contains("max-age=0", gone.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task No_other_site_signs_somebody_in()
    {
        using var response = await PostAsync(KubernetesServer.ServiceToken, "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    private async Task<HttpStatusCode> AskAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await _site.Http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(string token, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "login") { Content = new FormUrlEncodedContent([new("token", token)]) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await _site.Http.SendAsync(request);
    }
}
