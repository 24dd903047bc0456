using Ipam.Core.Stores;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>The forms of kubeconfig, each in front of a server with TLS that says what reached it; and what is wrong with one, by file and field.</summary>
public sealed class KubeconfigTests : IAsyncDisposable
{
    private const string Ca = "certificate-authority: ca.pem";
    private const string V1 = "apiVersion: client.authentication.k8s.io/v1";

    private readonly TlsCluster _cluster = new();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    // How the server is known.
    [InlineData(Ca, "token: t", "Bearer t")]
    [InlineData("certificate-authority-data: CA64", "token: t", "Bearer t")]
    [InlineData("certificate-authority-data: CA64, certificate-authority: gone.pem", "token: t", "Bearer t")]
    [InlineData("insecure-skip-tls-verify: true", "token: t", "Bearer t")]
    [InlineData("insecure-skip-tls-verify: true, tls-server-name: elsewhere.test", "token: t", "Bearer t | for elsewhere.test")]
    [InlineData(Ca + ", tls-server-name: api.ipam.test", "token: t", "Bearer t | for api.ipam.test")]
    // Who we are.
    [InlineData(Ca, "", "")]
    [InlineData(Ca, "tokenFile: token", "Bearer from-a-file")]
    [InlineData(Ca, "token: t, tokenFile: token", "Bearer from-a-file")]
    [InlineData(Ca, "client-certificate: me.pem, client-key: me.key", "CN=me")]
    [InlineData(Ca, "client-certificate-data: CERT64, client-key-data: KEY64", "CN=me")]
    [InlineData(Ca, "client-certificate: me.pem, client-key-data: KEY64, token: t", "Bearer t | CN=me")]
    [InlineData(Ca, "username: me, password: 'a:b'", "Basic bWU6YTpi")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./token.sh, args: [-c, a b], env: [{name: X, value: y z}]}", "Bearer 2:-c:a_b:y_z")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./certificate.sh, interactiveMode: IfAvailable}", "CN=me")]
    [InlineData(Ca, "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://none', client-id: ipam, id-token: IDTOKEN}}", "Bearer IDTOKEN")]
    // Whom we ask to be taken for.
    [InlineData(Ca, "token: t, as: fred", "Bearer t | Impersonate-User: fred")]
    [InlineData(Ca, "token: t, as: fred, as-uid: u-1, as-groups: [a b], as-user-extra: {Scope/x: [y], z: [',']}",
        "Bearer t | Impersonate-User: fred | Impersonate-Uid: u-1 | Impersonate-Group: a b | Impersonate-Extra-scope%2Fx: y | Impersonate-Extra-z: ,")]
    public async Task What_a_kubeconfig_says_is_what_reaches_the_server(string cluster, string user, string arrives)
    {
        var idToken = OidcIssuer.Token(DateTimeOffset.UtcNow.AddHours(1));
        _cluster.Script("token.sh", """
            printf '{"kind":"ExecCredential","status":{"token":"%s"}}' "$(echo "$#:$1:$2:$X" | tr ' ' _)"
            """);
        _cluster.Script("certificate.sh", "cat me.json");

        await using var store = await TlsCluster.OpenAsync(_cluster.Kubeconfig(cluster, user.Replace("IDTOKEN", idToken, StringComparison.Ordinal)));
        await store.PingAsync(default);

        Assert.All(_cluster.Api.Requests, request => Assert.Equal(arrives.Replace("IDTOKEN", idToken, StringComparison.Ordinal), request.Summary));
        Assert.Equal(4, _cluster.Api.Requests.Count);
    }

    [Fact]
    public async Task A_proxy_url_is_a_detour_to_the_server_with_the_password_it_names()
    {
        await using var proxy = new ConnectProxy { WantsPassword = true };

        await using var store = await TlsCluster.OpenAsync(_cluster.Kubeconfig($"{Ca}, proxy-url: 'http://me:a%3Ab@127.0.0.1:{proxy.Port}'", "token: t"));

        Assert.Equal("Bearer t", _cluster.Api.Requests.First().Summary);
        var head = Assert.Single(proxy.Heads, static head => head.Contains("Proxy-Authorization", StringComparison.Ordinal));
        Assert.StartsWith($"CONNECT 127.0.0.1:{_cluster.Api.Port} ", head, StringComparison.Ordinal);
        Assert.Contains("Basic bWU6YTpi", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_wants_to_know_the_cluster_is_told()
    {
        _cluster.Script("token.sh", """
            printf '%s' "$KUBERNETES_EXEC_INFO" > information; printf '{"status":{"token":"t"}}'
            """);

        await using var store = await TlsCluster.OpenAsync(_cluster.Kubeconfig(
            $"{Ca}, tls-server-name: api.ipam.test", $"exec: {{{V1}, command: ./token.sh, provideClusterInfo: true}}"));

        var authority = Convert.ToBase64String(await File.ReadAllBytesAsync(_cluster.Folder.Combine("ca.pem")));
        Assert.Equal(
            $$$$"""
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://127.0.0.1:{{{{_cluster.Api.Port}}}}","tls-server-name":"api.ipam.test","insecure-skip-tls-verify":false,"certificate-authority-data":"{{{{authority}}}}"}}}
            """,
            await File.ReadAllTextAsync(_cluster.Folder.Combine("information")));
    }

    [Fact]
    public async Task Of_several_files_the_first_that_has_an_entry_wins_and_paths_count_from_the_file_they_are_in()
    {
        Directory.CreateDirectory(_cluster.Folder.Combine("users"));
        File.Move(_cluster.Folder.Combine("token"), _cluster.Folder.Combine("users/token"));
        var users = _cluster.Write("users/config", """
            current-context: nowhere
            users: [{name: me, user: {tokenFile: token}}]
            clusters: [{name: us, cluster: {server: "https://nowhere"}}]
            contexts: [{name: nowhere, context: {cluster: us}}]
            """);
        var clusters = _cluster.Write("clusters", """
            current-context: here
            contexts: [{name: here, context: {cluster: us, user: me}}]
            clusters: [{name: us, cluster: {server: "https://127.0.0.1:PORT/", certificate-authority: ca.pem}}]
            users: [{name: me, user: {token: another}}]
            """);
        Assert.Contains("none of the kubeconfig files", await FailureAsync("/no/such/file:/nor/this"), StringComparison.Ordinal);

        var store = await TlsCluster.OpenAsync($"/no/such/file:{clusters}:{users}");
        await store.DisposeAsync();
        Assert.Equal("Bearer another", _cluster.Api.Requests.First().Summary);

        _cluster.Api.Requests.Clear();
        _cluster.Write("clusters", (await File.ReadAllTextAsync(clusters)).Replace("users:", "# users:", StringComparison.Ordinal));
        store = await TlsCluster.OpenAsync($"{clusters}:{users}");
        await store.DisposeAsync();
        Assert.Equal("Bearer from-a-file", _cluster.Api.Requests.First().Summary);
    }

    [Fact]
    public async Task A_context_may_be_named()
    {
        _cluster.Kubeconfig(Ca, "token: t");
        var config = _cluster.Write("kubeconfig", (await File.ReadAllTextAsync(_cluster.Folder.Combine("kubeconfig")))
            .Replace("current-context: here", "current-context: nowhere", StringComparison.Ordinal));

        await using var store = await TlsCluster.OpenAsync(config, context: "here");

        Assert.Equal("Bearer t", _cluster.Api.Requests.First().Summary);
    }

    [Theory]
    [InlineData("", "current-context is missing")]
    [InlineData("a: [", "line 2 is no YAML")]
    [InlineData("current-context: x", "current-context names x, which its contexts lack; they have nothing")]
    [InlineData("current-context: {a: b}", "current-context is not a text")]
    [InlineData("{current-context: x, contexts: [{name: y, context: {cluster: c}}]}", "current-context names x, which its contexts lack; they have y")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", "contexts[x].cluster names c, which its clusters lack")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {user: u}}]}", "contexts[x].cluster is missing")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://a'}}]}", "contexts[x].user names u, which its users lack")]
    public async Task A_file_that_leads_nowhere_is_told_by_its_path_and_field(string yaml, string expected)
    {
        var path = _cluster.Folder.Write("kubeconfig", yaml);

        var message = await FailureAsync(path);

        Assert.True(message.Contains(expected, StringComparison.Ordinal), message);
        Assert.Contains($"the kubeconfig {path} can't be used", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server: 'a b'", "", "clusters[us].server is 'a b', not a URL that begins with https:// or http://")]
    [InlineData("server: ", "", "clusters[us].server is missing")]
    [InlineData("proxy-url: 'ftp://proxy'", "", "clusters[us].proxy-url is 'ftp://proxy', not a URL that begins with http:// or https:// or socks5://")]
    [InlineData("proxy-url: 'socks5h://me:secret@proxy'", "", "clusters[us].proxy-url is 'socks5h://***@proxy', not a URL that begins with http://")]
    [InlineData("insecure-skip-tls-verify: maybe", "", "clusters[us].insecure-skip-tls-verify is 'maybe', not true or false")]
    [InlineData("insecure-skip-tls-verify: true, certificate-authority: ca.pem", "", "clusters[us].insecure-skip-tls-verify is true beside a certificate-authority")]
    [InlineData("certificate-authority: gone.pem", "", "gone.pem can't be read: ", "clusters[us].certificate-authority of the kubeconfig")]
    [InlineData("certificate-authority: token", "", "clusters[us].certificate-authority of the kubeconfig", "token, which can't be used: no certificate in PEM found")]
    [InlineData("certificate-authority-data: '%%%'", "", "clusters[us].certificate-authority-data is not base 64")]
    [InlineData("certificate-authority-data: aGVsbG8=", "", "clusters[us].certificate-authority-data of the kubeconfig", "no certificate in PEM found")]
    [InlineData(Ca, "client-certificate: me.pem", "users[me].client-certificate is there without client-key")]
    [InlineData(Ca, "client-key: me.key", "users[me].client-key is there without client-certificate")]
    [InlineData(Ca, "client-certificate: gone.pem, client-key: me.key", "gone.pem can't be read: ", "users[me].client-certificate of the kubeconfig")]
    [InlineData(Ca, "client-certificate: me.pem, client-key: other.key", "users[me].client-key of the kubeconfig", "it must be the key of the certificate in users[me].client-certificate")]
    [InlineData(Ca, "client-certificate: me.pem, client-key: ca.pem", "users[me].client-key of the kubeconfig", "ca.pem, which can't be used")]
    [InlineData(Ca, "tokenFile: gone", "gone can't be read: ", "users[me].tokenFile of the kubeconfig")]
    [InlineData(Ca, "tokenFile: ca.pem", "there is no bearer token in users[me].tokenFile of the kubeconfig")]
    [InlineData(Ca, "username: me", "users[me].username is there without password")]
    [InlineData(Ca, "password: x", "users[me].password is there without username")]
    [InlineData(Ca, "token: t, username: me, password: x", "users[me].username is there beside a token")]
    [InlineData(Ca, "token: t, as-groups: [x]", "users[me].as-groups is there without 'as'")]
    [InlineData(Ca, "token: t, as: fred, as-groups: [a, b]", "users[me].as-groups has 2 entries, of which only one can be sent")]
    [InlineData(Ca, "token: t, as: fred, as-user-extra: {a: [b, c]}", "users[me].as-user-extra.a has 2 entries")]
    [InlineData(Ca, "token: t, as: 'fred ♥'", "users[me].as or what follows it has a value that no HTTP header takes")]
    [InlineData(Ca, "auth-provider: {name: gcp}", "users[me].auth-provider.name is 'gcp', which is unknown here; known is oidc")]
    [InlineData(Ca, "auth-provider: {name: oidc}", "users[me].auth-provider.config is missing")]
    [InlineData(Ca, "auth-provider: {name: oidc, config: {client-id: x, id-token: y}}", "users[me].auth-provider.config.idp-issuer-url is missing")]
    [InlineData(Ca, "auth-provider: {name: oidc, config: {idp-issuer-url: x, client-id: x}}", "config.idp-issuer-url is 'x', not a URL")]
    [InlineData(Ca, "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://x', client-id: x}}", "config.id-token is missing, and so is refresh-token")]
    [InlineData(Ca, "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://x', client-id: x, id-token: y}}", "config.id-token is not a token that names its end")]
    [InlineData(Ca, "exec: {" + V1 + ", command: x}, auth-provider: {name: oidc}", "users[me].auth-provider is there beside exec")]
    [InlineData(Ca, "exec: {" + V1 + "}", "users[me].exec.command is missing")]
    [InlineData(Ca, "exec: {command: ./x}", "users[me].exec.apiVersion is missing")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./x, interactiveMode: Always}", "users[me].exec.interactiveMode is Always")]
    [InlineData(Ca + ", extensions: [{name: client.authentication.k8s.io/exec, extension: {a: b}}]", "exec: {" + V1 + ", command: ./x, provideClusterInfo: true}",
        "clusters[us].extensions has configuration for the exec program")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./none, installHint: get it at the shop}", "/none of the kubeconfig gave no credential", "No such file or directory; get it at the shop")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./run.sh, args: [echo no luck >&2; exit 3]}", "exit code 3: no luck")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./run.sh, args: [echo hello]}", "it printed no ExecCredential")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./run.sh, args: ['echo \"{}\"']}", "it printed no ExecCredential")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./run.sh, args: ['echo \"{\\\"status\\\":{}}\"']}", "it printed neither a token nor a client certificate")]
    [InlineData(Ca, "exec: {" + V1 + ", command: ./run.sh, args: ['echo \"{\\\"status\\\":{\\\"clientCertificateData\\\":\\\"x\\\"}}\"']}", "it printed clientCertificateData without clientKeyData")]
    public async Task What_is_wrong_is_told_by_file_and_field(string cluster, string user, params string[] expected)
    {
        _cluster.Script("run.sh", "sh -c \"$1\"");
        _cluster.Folder.Write("other.key", _cluster.Issuer.Client("other").Key);
        var path = _cluster.Kubeconfig(cluster, user);
        // A cluster may have each key once.
        if (cluster.StartsWith("server", StringComparison.Ordinal))
            path = _cluster.Folder.Write("kubeconfig", (await File.ReadAllTextAsync(path)).Replace($"server: \"https://127.0.0.1:{_cluster.Api.Port}\", ", "", StringComparison.Ordinal));

        var message = await FailureAsync(path);

        Assert.All(expected, piece => Assert.Contains(piece, message, StringComparison.Ordinal));
        Assert.Contains(_cluster.Folder.Path, message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Api.Requests);
    }

    [Theory]
    [InlineData("", "can't be reached")]
    [InlineData("certificate-authority: other.pem", "the server's certificate CN=a server is not vouched for by clusters[us].certificate-authority of the kubeconfig")]
    [InlineData(Ca + ", tls-server-name: elsewhere.test", "the server's certificate CN=a server is not for the name that was asked for")]
    public async Task A_server_that_cannot_show_who_it_is_gets_no_request(string cluster, string expected)
    {
        using var other = new Issuer("CN=another authority");
        _cluster.Folder.Write("other.pem", other.Pem);

        var message = await FailureAsync(_cluster.Kubeconfig(cluster, "token: t"));

        Assert.True(message.Contains(expected, StringComparison.Ordinal), message);
        Assert.Empty(_cluster.Api.Requests);
    }

    private static async Task<string> FailureAsync(string kubeconfig) =>
        (await Assert.ThrowsAsync<StoreException>(() => TlsCluster.OpenAsync(kubeconfig))).Message;
}
