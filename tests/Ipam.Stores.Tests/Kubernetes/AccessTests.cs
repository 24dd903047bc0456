using System.Globalization;
using System.Text;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Access;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;
using Ipam.Stores.Tests.Sqlite;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>Where the API server is and who we are: kubeconfig files and pods.</summary>
public sealed class AccessTests : IDisposable
{
    private static readonly TestCertificates Certificates = new();

    private readonly TempFolder _folder = new();
    private readonly ShiftedTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_current_context_leads_to_its_cluster_and_user()
    {
        var access = Read("""
            apiVersion: v1
            kind: Config
            current-context: b
            contexts:
            - name: a
              context: {cluster: one, user: me}
            - name: b
              context:
                cluster: two
                user: me
                namespace: ipam
            clusters:
            - {name: one, cluster: {server: "https://one:6443"}}
            - {name: two, cluster: {server: "https://two:6443/prefix/", tls-server-name: api.two, insecure-skip-tls-verify: true}}
            users:
            - {name: me, user: {token: secret}}
            """);

        Assert.Equal("https://two:6443/prefix/", access.Server.ToString());
        Assert.Equal(("ipam", "api.two", true), (access.Namespace, access.TlsServerName, access.IsInsecure));
        Assert.Equal("the Kubernetes API server https://two:6443/prefix", access.Description);
    }

    [Fact]
    public void A_context_may_be_named()
    {
        var access = Read("""
            {"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "x"}}, {"name": "b", "context": {"cluster": "y"}}],
             "clusters": [{"name": "y", "cluster": {"server": "https://[fd00::1]:6443"}}]}
            """, "b");

        Assert.Equal("https://[fd00::1]:6443/", access.Server.ToString());
    }

    [Theory]
    [InlineData("", "it has no current-context")]
    [InlineData("a: [", "can't be used")]
    [InlineData("current-context: x", "it names the context x, which its contexts lack")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}]}", "it names the cluster c, which its clusters lack")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {user: u}}]}", "context x has no cluster")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://a'}}]}", "it names the user u")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'a b'}}]}", "its server 'a b' is not a URL")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https://a', certificate-authority: nowhere.pem}}]}", "nowhere.pem")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https://a', certificate-authority-data: aGVsbG8=}}]}", "no certificate in PEM")]
    public void What_a_kubeconfig_lacks_is_said_with_its_path(string yaml, string expected)
    {
        var message = Assert.Throws<StoreException>(() => Read(yaml)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(_folder.Combine("kubeconfig"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kubeconfig_that_is_not_there_is_reported() =>
        Assert.Contains("/no/such/file", Assert.Throws<StoreException>(() => Kubeconfig.Read("/no/such/file", null, _time)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_certificate_is_taken_from_files_beside_the_kubeconfig_or_from_the_text(bool fromFiles)
    {
        await File.WriteAllTextAsync(_folder.Combine("me.pem"), Certificates.Admin);
        await File.WriteAllTextAsync(_folder.Combine("me.key"), Certificates.AdminKey);
        await File.WriteAllTextAsync(_folder.Combine("ca.pem"), Certificates.Authority);

        var access = fromFiles
            ? ReadUser("client-certificate: me.pem, client-key: me.key", "certificate-authority: ca.pem")
            : ReadUser(
                $"client-certificate-data: {Base64(Certificates.Admin)}, client-key-data: {Base64(Certificates.AdminKey)}",
                $"certificate-authority-data: {Base64(Certificates.Authority)}");

        var credential = await access.Credentials.GetAsync(false, default);
        Assert.Contains("CN=test admin", credential.Certificate!.Subject, StringComparison.Ordinal);
        Assert.True(credential.Certificate.HasPrivateKey);
        Assert.Single(access.Authorities!);
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_while_and_when_the_server_refuses_its_token()
    {
        await File.WriteAllTextAsync(_folder.Combine("token"), "one\n");
        var credentials = ReadUser("tokenFile: token").Credentials;
        Assert.Equal("one", (await credentials.GetAsync(false, default)).Token);

        await File.WriteAllTextAsync(_folder.Combine("token"), "two");
        Assert.Equal("one", (await credentials.GetAsync(false, default)).Token);
        Assert.Equal("two", (await credentials.GetAsync(true, default)).Token);

        await File.WriteAllTextAsync(_folder.Combine("token"), "three");
        _time.Shift += TimeSpan.FromMinutes(1);
        Assert.Equal("three", (await credentials.GetAsync(false, default)).Token);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_refused_token_is_read_again_once_and_the_request_goes_on(string method)
    {
        var accepted = "one";
        await using var api = new FakeApi(request => request.Token == accepted
            ? new FakeReply(200, """{"metadata":{"name":"x","resourceVersion":"1"},"items":[]}""")
            : FakeReply.Refusal(401, "Unauthorized"));
        await File.WriteAllTextAsync(api.Folder.Combine("token"), "one");
        await using var store = await api.OpenAsync(user: "tokenFile: token");

        await File.WriteAllTextAsync(api.Folder.Combine("token"), accepted = "two");

        if (method == "GET")
            await store.PingAsync(default);
        else
            await store.CommitAsync([Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1"))], default);
        Assert.Equal(["one", "two"], api.Requests.Select(request => request.Token));

        accepted = "three";
        var message = (await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default))).Message;
        Assert.Contains("doesn't accept our credentials (Unauthorized)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_asked_for_credentials_until_they_expire_or_are_refused()
    {
        var expiry = _time.GetUtcNow().AddMinutes(10).ToString("O", CultureInfo.InvariantCulture);
        Script($$$"""
            echo run >> "$(dirname "$0")/runs"
            echo "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"{{{expiry}}}"}}' "$1-$GREETING"
            """);
        var credentials = ReadUser("exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [hello], env: [{name: GREETING, value: world}]}").Credentials;

        Assert.Equal("hello-world", (await credentials.GetAsync(false, default)).Token);
        await credentials.GetAsync(false, default);
        Assert.Equal(1, Runs());
        Assert.Contains("\"apiVersion\":\"client.authentication.k8s.io/v1\"", await File.ReadAllTextAsync(_folder.Combine("info")), StringComparison.Ordinal);

        await credentials.GetAsync(true, default);
        Assert.Equal(2, Runs());
        _time.Shift += TimeSpan.FromMinutes(10);
        await credentials.GetAsync(false, default);
        Assert.Equal(3, Runs());
    }

    [Fact]
    public async Task A_program_may_give_a_client_certificate()
    {
        Script($$"""
            cat <<'END'
            {"status":{"clientCertificateData":"{{OneLine(Certificates.Admin)}}","clientKeyData":"{{OneLine(Certificates.AdminKey)}}"} }
            END
            """);
        var credentials = ReadUser("exec: {apiVersion: v1, command: ./login}").Credentials;
        Assert.Null(credentials.Certificate);

        await credentials.GetAsync(false, default);

        Assert.Contains("CN=test admin", credentials.Certificate!.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo no luck >&2; exit 3", "exit code 3: no luck")]
    [InlineData("echo hello", "it printed no ExecCredential")]
    [InlineData("echo '{\"status\":{}}'", "it printed neither a token nor a client certificate")]
    public async Task A_program_that_gives_nothing_is_reported(string script, string expected)
    {
        Script(script);
        var credentials = ReadUser("exec: {apiVersion: v1, command: ./login}").Credentials;

        var message = (await Assert.ThrowsAsync<StoreException>(async () => await credentials.GetAsync(false, default))).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_reported_with_the_hint_that_the_kubeconfig_gives()
    {
        var credentials = ReadUser("exec: {apiVersion: v1, command: ./none, installHint: get it at the shop}").Credentials;

        var message = (await Assert.ThrowsAsync<StoreException>(async () => await credentials.GetAsync(false, default))).Message;

        Assert.Contains("get it at the shop", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_finds_its_server_by_what_kubelet_gives_it()
    {
        await File.WriteAllTextAsync(_folder.Combine("token"), "secret");
        await File.WriteAllTextAsync(_folder.Combine("ca.crt"), Certificates.Authority);
        await File.WriteAllTextAsync(_folder.Combine("namespace"), "ipam\n");

        var access = InClusterAccess.Read(_folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : name == "KUBERNETES_SERVICE_PORT" ? "443" : null, _time);

        Assert.Equal("https://[fd00::1]/", access.Server.ToString());
        Assert.Equal("ipam", access.Namespace);
        Assert.Equal("secret", (await access.Credentials.GetAsync(false, default)).Token);
    }

    [Fact]
    public void Outside_a_pod_the_URL_must_name_a_kubeconfig() =>
        Assert.Contains("elsewhere name a kubeconfig", Assert.Throws<StoreException>(() => InClusterAccess.Read(_folder.Path, _ => null, _time)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pod_without_a_service_account_is_told_so() =>
        Assert.Contains("automountServiceAccountToken", Assert.Throws<StoreException>(() => InClusterAccess.Read(_folder.Path, _ => "1", _time)).Message, StringComparison.Ordinal);

    private ClusterAccess Read(string yaml, string? context = null)
    {
        File.WriteAllText(_folder.Combine("kubeconfig"), yaml);
        return Kubeconfig.Read(_folder.Combine("kubeconfig"), context, _time);
    }

    private ClusterAccess ReadUser(string user, string cluster = "insecure-skip-tls-verify: true") => Read($$"""
        { current-context: x, contexts: [{ name: x, context: { cluster: c, user: u } }],
          clusters: [{ name: c, cluster: { server: "https://a", {{cluster}} } }], users: [{ name: u, user: { {{user}} } }] }
        """);

    private void Script(string text)
    {
        File.WriteAllText(_folder.Combine("login"), $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_folder.Combine("login"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private int Runs() => File.ReadAllLines(_folder.Combine("runs")).Length;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string OneLine(string pem) => pem.ReplaceLineEndings("\\n");
}
