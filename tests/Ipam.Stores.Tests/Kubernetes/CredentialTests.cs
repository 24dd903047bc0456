using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Kubernetes.Access;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Kubernetes.Pools;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>Credentials that end or change while we run: tokens, certificates and authorities, each renewed once for all who wait.</summary>
public sealed class CredentialTests : IAsyncDisposable
{
    private const string Ca = "certificate-authority: ca.pem";
    private const string Exec = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}";

    private readonly TlsCluster _cluster;
    private readonly ShiftedTime _time = new();

    /// <summary>Whom the server lets in, by <see cref="FakeRequest.Summary"/>; null for anyone.</summary>
    private volatile string? _welcome;

    public CredentialTests() => _cluster = new TlsCluster(request => _welcome is not { } welcome || request.Summary == welcome);

    private IEnumerable<string> Arrived => _cluster.Api.Requests.Select(static request => request.Summary);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_token_file_is_read_again_after_a_while()
    {
        await using var store = await OpenAsync("tokenFile: token");

        _cluster.Folder.Write("token", "another");
        await store.PingAsync(default);
        _time.Shift += TimeSpan.FromMinutes(1);
        await store.PingAsync(default);

        Assert.Equal(["Bearer from-a-file", "Bearer another"], Arrived);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task A_token_file_that_is_just_being_written_fails_no_request(string content)
    {
        await using var store = await OpenAsync("tokenFile: token");

        _cluster.Folder.Write("token", content);
        _time.Shift += TimeSpan.FromMinutes(1);
        await store.PingAsync(default);
        _cluster.Folder.Write("token", "another");
        _time.Shift += TimeSpan.FromMinutes(1);
        await store.PingAsync(default);

        Assert.Equal(["Bearer from-a-file", "Bearer another"], Arrived.TakeLast(2));
    }

    [Fact]
    public async Task A_token_file_with_a_line_break_inside_is_a_fault_that_says_so()
    {
        _cluster.Folder.Write("token", "two\nlines");
        var error = await Assert.ThrowsAsync<StoreException>(() => OpenAsync("tokenFile: token"));
        Assert.Contains("it must hold one, in one line, and nothing else", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsPermanent);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_refused_token_is_read_again_once_and_the_request_goes_on(string method)
    {
        await using var store = await OpenAsync("tokenFile: token");
        _cluster.Folder.Write("token", "another");
        _welcome = "Bearer another";

        if (method == "GET")
            await store.PingAsync(default);
        else
            Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"))], default)).Status);
        Assert.Equal(["Bearer from-a-file", "Bearer another"], Arrived);

        _welcome = "Bearer third";
        _cluster.Api.Requests.Clear();
        var message = (await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default))).Message;
        Assert.Contains("doesn't accept our credentials (Unauthorized)", message, StringComparison.Ordinal);
        Assert.Equal(["Bearer another", "Bearer another"], Arrived);
    }

    [Fact]
    public async Task A_watch_that_is_refused_begins_with_another_token()
    {
        var access = Kubeconfig.Read([_cluster.Kubeconfig(Ca, "tokenFile: token")], null, _time);
        await access.Credentials.GetAsync(null, default);
        _cluster.Folder.Write("token", "another");
        _welcome = "Bearer another";
        using var client = Client(access);
        await using var events = client.WatchAsync(CatalogKinds.Pools, "1", default).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync());

        Assert.Equal(WatchEventType.Started, events.Current.Type);
        Assert.Equal(["Bearer from-a-file", "Bearer another"], Arrived);
    }

    [Fact]
    public async Task A_program_runs_once_however_many_wait_and_once_more_when_what_it_printed_ends()
    {
        var until = _time.GetUtcNow().AddMinutes(10).ToString("O", CultureInfo.InvariantCulture);
        _cluster.Script("login", $$$"""
            echo run >> runs; sleep 0.2
            printf '{"status":{"token":"t%s","expirationTimestamp":"{{{until}}}"}}' "$(wc -l < runs)"
            """);
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Exec)], null, _time));

        await AllAsync(client);
        await AllAsync(client);
        Assert.Equal(1, Runs());
        _time.Shift += TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(5);
        await AllAsync(client);
        Assert.Equal(2, Runs());
        Assert.Equal(["Bearer t1", "Bearer t2"], Arrived.Distinct());
    }

    [Fact]
    public async Task A_program_runs_once_more_however_many_are_refused()
    {
        _cluster.Script("login", """
            echo run >> runs; sleep 0.2
            printf '{"status":{"token":"t%s"}}' "$(wc -l < runs)"
            """);
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Exec)], null, _time));
        _welcome = "Bearer t2";

        await AllAsync(client);

        Assert.Equal(2, Runs());
    }

    [Fact]
    public async Task A_program_that_fails_is_asked_again_by_the_next_request()
    {
        _cluster.Script("login", """
            echo run >> runs
            [ "$(wc -l < runs)" -gt 1 ] || { echo not yet >&2; exit 1; }
            printf '{"status":{"token":"t"}}'
            """);
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Exec)], null, _time));

        Assert.Contains("exit code 1: not yet", (await Assert.ThrowsAsync<StoreException>(() => client.ProbeAsync(CatalogKinds.Pools, default))).Message, StringComparison.Ordinal);
        await client.ProbeAsync(CatalogKinds.Pools, default);

        Assert.Equal(["Bearer t"], Arrived);
    }

    [Fact]
    public async Task A_program_that_does_not_finish_is_reported_and_not_the_server_and_serves_who_asks_when_it_has()
    {
        _cluster.Script("login", """
            while [ ! -e go ]; do sleep 0.05; done
            printf '{"status":{"token":"t"}}'
            """);
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Exec)], null, _time), TimeSpan.FromSeconds(0.5));

        var message = (await Assert.ThrowsAsync<StoreException>(() => client.ProbeAsync(CatalogKinds.Pools, default))).Message;
        var ofAWatch = (await Assert.ThrowsAsync<StoreException>(() => WatchAsync(client))).Message;
        using var given = new CancellationTokenSource(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ProbeAsync(CatalogKinds.Pools, given.Token));

        Assert.Contains(
            $"wasn't asked to list ippools.ipamsuite.dev, there was no credential within 0.5 s: the program {_cluster.Folder.Path}/login of the kubeconfig didn't finish; run it by hand as the same user",
            message.Replace("/./", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("of the kubeconfig didn't finish", ofAWatch, StringComparison.Ordinal);
        Assert.Empty(Arrived);
        _cluster.Folder.Write("go", "");
        await Wait.UntilAsync(async () => await Record.ExceptionAsync(() => client.ProbeAsync(CatalogKinds.Pools, default)) is null, "an answer");
        Assert.Equal(["Bearer t"], Arrived);

        static async Task WatchAsync(HttpKubernetesClient client)
        {
            await foreach (var _ in client.WatchAsync(CatalogKinds.Pools, "1", default))
                Assert.Fail("nothing is to be heard");
        }
    }

    [Fact]
    public async Task A_certificate_that_a_program_prints_is_renewed_before_it_ends_and_shown_by_new_connections()
    {
        _cluster.Script("login", "echo run >> runs; cat me.json");
        _cluster.Show("first", _time.GetUtcNow().AddMinutes(10));
        await using var store = await OpenAsync(Exec);
        await store.PingAsync(default);
        Assert.Equal(1, Runs());

        _cluster.Show("second");
        _time.Shift += TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(5);
        await store.PingAsync(default);
        await store.PingAsync(default);

        Assert.Equal(2, Runs());
        Assert.Equal(["CN=first", "CN=second", "CN=second"], Arrived);
    }

    [Fact]
    public async Task A_certificate_that_is_refused_is_renewed()
    {
        _cluster.Script("login", "cat me.json");
        _cluster.Show("first");
        await using var store = await OpenAsync(Exec);

        _cluster.Show("second");
        _welcome = "CN=second";
        await store.PingAsync(default);

        Assert.Equal(["CN=first", "CN=second"], Arrived);
    }

    [Fact]
    public async Task Requests_that_are_under_way_while_a_certificate_is_renewed_are_answered()
    {
        _cluster.Show("first");
        File.Copy(_cluster.Folder.Combine("me.json"), _cluster.Folder.Combine("first.json"));
        _cluster.Show("second");
        _cluster.Script("login", "echo run >> runs; if [ $(wc -l < runs) = 1 ]; then cat first.json; else cat me.json; fi");
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Exec)], null, _time));
        await AllAsync(client);

        _welcome = "CN=second";
        await AllAsync(client);

        Assert.Equal(2, Runs());
        Assert.Equal(20, Arrived.Count(static summary => summary == "CN=second"));
    }

    [Fact]
    public async Task Certificate_files_that_are_replaced_are_shown_and_those_half_replaced_are_not()
    {
        await using var store = await OpenAsync("client-certificate: me.pem, client-key: me.key");
        var key = await File.ReadAllTextAsync(_cluster.Folder.Combine("me.key"));

        _cluster.Show("another");
        var anotherKey = await File.ReadAllTextAsync(_cluster.Folder.Combine("me.key"));
        _cluster.Folder.Write("me.key", key);
        _time.Shift += TimeSpan.FromMinutes(1);
        await store.PingAsync(default);
        _cluster.Folder.Write("me.key", anotherKey);
        _time.Shift += TimeSpan.FromMinutes(1);
        await store.PingAsync(default);

        Assert.Equal(["CN=me", "CN=another"], Arrived);
    }

    [Fact]
    public async Task An_authority_that_is_replaced_vouches_for_the_next_connection()
    {
        await using var store = await OpenAsync("token: t");
        using var other = new Issuer("CN=another authority");

        // The connection is closed with the answer, so that the next one sees the other certificate.
        _cluster.Api.Certificate = other.Server();
        _cluster.Api.CloseAll();
        var message = (await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default))).Message;
        Assert.Contains("is not vouched for by clusters[us].certificate-authority", message, StringComparison.Ordinal);

        _cluster.Folder.Write("ca.pem", other.Pem);
        await store.PingAsync(default);
    }

    [Fact]
    public async Task An_id_token_that_has_ended_is_replaced_through_the_issuer_that_discovery_names()
    {
        await using var issuer = new OidcIssuer(_cluster.Issuer.Server());
        var ended = OidcIssuer.Token(_time.GetUtcNow().AddSeconds(5));
        using var client = Client(Kubeconfig.Read([_cluster.Kubeconfig(Ca, Oidc(issuer, ended))], null, _time));

        await AllAsync(client);
        Assert.Equal(["grant_type=refresh_token&refresh_token=refresh-0&client_id=ipam&client_secret=s%26s"], issuer.Forms);
        _time.Shift += TimeSpan.FromHours(1);
        await AllAsync(client);

        Assert.Equal(2, issuer.Forms.Count());
        Assert.Equal(2, Arrived.Distinct().Count());
        Assert.DoesNotContain($"Bearer {ended}", Arrived);
    }

    [Fact]
    public async Task An_id_token_that_is_refused_is_replaced_and_an_issuer_that_refuses_is_reported()
    {
        await using var issuer = new OidcIssuer(_cluster.Issuer.Server());
        var token = OidcIssuer.Token(_time.GetUtcNow().AddHours(1));
        await using var store = await OpenAsync(Oidc(issuer, token));
        _welcome = "nobody";

        await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default));
        Assert.Equal([$"Bearer {token}", $"Bearer {OidcIssuer.Token(_time.GetUtcNow().AddHours(1), "turn-1")}"], Arrived);

        var used = _cluster.Kubeconfig(Ca, Oidc(issuer, OidcIssuer.Token(_time.GetUtcNow().AddHours(-1))), "used");
        var message = (await Assert.ThrowsAsync<StoreException>(() => TlsCluster.OpenAsync(used))).Message;
        Assert.Contains($"the issuer {issuer.Url}/ of the kubeconfig's auth-provider oidc gave no id token: it refused the refresh-token: invalid_grant it was used before", message, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-0", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_that_its_authority_does_not_vouch_for_gets_no_token()
    {
        using var other = new Issuer("CN=another authority");
        await using var issuer = new OidcIssuer(other.Server());

        var config = _cluster.Kubeconfig(Ca, Oidc(issuer, OidcIssuer.Token(_time.GetUtcNow())));

        var message = (await Assert.ThrowsAsync<StoreException>(() => TlsCluster.OpenAsync(config))).Message;
        Assert.Contains("is not vouched for by users[me].auth-provider.config.idp-certificate-authority", message, StringComparison.Ordinal);
        Assert.Empty(issuer.Forms);
    }

    [Fact]
    public async Task A_pod_uses_its_service_account_and_what_kubelet_renews_of_it()
    {
        // As kubelet does it: links to a folder that is replaced as a whole.
        var folder = _cluster.Folder.Combine("account");
        Directory.CreateDirectory(Path.Combine(folder, "1"));
        await File.WriteAllTextAsync(Path.Combine(folder, "1/token"), "one");
        await File.WriteAllTextAsync(Path.Combine(folder, "1/ca.crt"), _cluster.Issuer.Pem);
        await File.WriteAllTextAsync(Path.Combine(folder, "1/namespace"), "ipam\n");
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "1");
        foreach (var name in (string[])["token", "ca.crt", "namespace"])
            File.CreateSymbolicLink(Path.Combine(folder, name), $"..data/{name}");
        var access = InCluster.Read(folder, Environment, _time);
        Assert.Equal("ipam", access.Namespace);
        using var client = Client(access);
        await client.ProbeAsync(CatalogKinds.Pools, default);

        using var other = new Issuer("CN=another authority");
        Directory.CreateDirectory(Path.Combine(folder, "2"));
        await File.WriteAllTextAsync(Path.Combine(folder, "2/token"), "two");
        await File.WriteAllTextAsync(Path.Combine(folder, "2/ca.crt"), other.Pem);
        Directory.CreateSymbolicLink(Path.Combine(folder, "..new"), "2");
        Directory.Delete(Path.Combine(folder, "..data"));
        Directory.Move(Path.Combine(folder, "..new"), Path.Combine(folder, "..data"));
        _cluster.Api.Certificate = other.Server();
        _cluster.Api.CloseAll();
        _welcome = "Bearer two";
        await client.ProbeAsync(CatalogKinds.Pools, default);

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], Arrived);
    }

    [Fact]
    public void A_pod_of_IPv6_finds_its_server()
    {
        _cluster.Folder.Write("ca.crt", _cluster.Issuer.Pem);

        var access = InCluster.Read(_cluster.Folder.Path, static name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443", _time);

        Assert.Equal("https://[fd00::1]/", access.Server.ToString());
        Assert.Null(access.Namespace);
    }

    [Fact]
    public void A_pod_without_a_service_account_is_told_so() => Assert.Contains(
        "automountServiceAccountToken",
        Assert.Throws<StoreException>(() => InCluster.Read(_cluster.Folder.Combine("none"), Environment, _time)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_URL_that_names_nothing_means_the_pod_then_what_KUBECONFIG_names_else_nothing()
    {
        _cluster.Kubeconfig("", "", "a");
        _cluster.Kubeconfig("", "", "b");
        var files = $"{_cluster.Folder.Combine("gone")}:{_cluster.Folder.Combine("a")}:{_cluster.Folder.Combine("b")}";
        var url = new KubernetesUrl("");

        Assert.Equal(_cluster.Api.Url, url.ReadAccess(name => name == "KUBECONFIG" ? files : null, _time).Server.ToString());
        Assert.Contains(InCluster.Folder, Failure(name => name == "KUBECONFIG" ? files : Environment(name)), StringComparison.Ordinal);
        Assert.Contains("name a kubeconfig, as in kubernetes:/etc/ipam/kubeconfig", Failure(static _ => null), StringComparison.Ordinal);

        string Failure(Func<string, string?> environment) => Assert.Throws<StoreException>(() => url.ReadAccess(environment, _time)).Message;
    }

    private static HttpKubernetesClient Client(ClusterAccess access, TimeSpan? requestTimeout = null)
    {
        var wait = requestTimeout ?? TimeSpan.FromSeconds(10);
        return new HttpKubernetesClient(access, new Interruptions(TimeProvider.System), wait, wait, wait, TimeProvider.System);
    }

    private static Task AllAsync(HttpKubernetesClient client) =>
        Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.ProbeAsync(CatalogKinds.Pools, default)));

    private static string Oidc(OidcIssuer issuer, string token) =>
        $"auth-provider: {{name: oidc, config: {{idp-issuer-url: '{issuer.Url}', client-id: ipam, client-secret: 's&s', id-token: {token}, refresh-token: refresh-0, idp-certificate-authority: ca.pem}}}}";

    private string? Environment(string name) => name switch
    {
        "KUBERNETES_SERVICE_HOST" => "127.0.0.1",
        "KUBERNETES_SERVICE_PORT" => _cluster.Api.Port.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private int Runs() => File.ReadAllLines(_cluster.Folder.Combine("runs")).Length;

    private async Task<KubernetesStore> OpenAsync(string user)
    {
        var store = await TlsCluster.OpenAsync(_cluster.Kubeconfig(Ca, user), _time);
        _cluster.Api.Requests.Clear();
        return store;
    }
}
