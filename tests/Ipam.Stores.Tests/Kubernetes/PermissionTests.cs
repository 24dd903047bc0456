using System.Text;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Kubernetes.Access;
using Ipam.Stores.Kubernetes.Client;
using Ipam.Stores.Tests.Kubernetes.Support;
using k8s.Models;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>Who may what, and how one gets in.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class PermissionTests(ControlPlane plane) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_permission_opening_fails_and_says_which_one_is_missing()
    {
        var message = await MustNotOpenAsync(plane.Kubeconfig(ControlPlane.NobodysToken));

        Assert.Contains("doesn't let us list ipblocks.ipamsuite.dev", message, StringComparison.Ordinal);
        Assert.Contains("grant it: bind a role of deploy/kubernetes/rbac to the user that the message names; 'kubectl apply -f deploy/kubernetes/rbac' makes the roles", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_reported() =>
        Assert.Contains("doesn't accept our credentials", await MustNotOpenAsync(plane.Kubeconfig("wrong")), StringComparison.Ordinal);

    [Fact]
    public async Task Without_the_definitions_opening_fails_and_says_how_to_make_them()
    {
        var other = new PackageKind<V1Lease>("ipamsuite.dev", "v1alpha1", "ipnothings");
        var access = Kubeconfig.Read([AdminConfig($"certificate-authority-data: {Base64(plane.Certificates.Authority)}")], null, TimeProvider.System);
        var wait = TimeSpan.FromSeconds(10);
        using var client = new HttpKubernetesClient(access, new Interruptions(TimeProvider.System), wait, wait, wait, TimeProvider.System);

        var message = (await Assert.ThrowsAsync<StoreException>(() => client.ProbeAsync(other, default))).Message;

        Assert.Contains("doesn't know ipnothings.ipamsuite.dev", message, StringComparison.Ordinal);
        Assert.Contains("kubectl apply -f deploy/kubernetes/crds", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate-authority-data: AUTHORITY")]
    [InlineData("certificate-authority-data: AUTHORITY, tls-server-name: api.ipam.test")]
    [InlineData("insecure-skip-tls-verify: true")]
    public async Task A_client_certificate_lets_in(string cluster)
    {
        await using var store = new KubernetesStore(
            new KubernetesUrl(AdminConfig(cluster.Replace("AUTHORITY", Base64(plane.Certificates.Authority), StringComparison.Ordinal))), TimeProvider.System);

        await store.OpenAsync(default);
        await store.PingAsync(default);
    }

    [Theory]
    [InlineData("certificate-authority-data: OTHER")]
    [InlineData("certificate-authority-data: AUTHORITY, tls-server-name: elsewhere.test")]
    [InlineData("tls-server-name: api.ipam.test")]
    public async Task A_server_that_cannot_show_who_it_is_gets_no_token_and_no_request(string cluster)
    {
        var config = AdminConfig(cluster
            .Replace("AUTHORITY", Base64(plane.Certificates.Authority), StringComparison.Ordinal)
            .Replace("OTHER", Base64(new TestCertificates().Authority), StringComparison.Ordinal));

        Assert.Contains("can't be reached", await MustNotOpenAsync(config), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_impersonated_counts_and_not_who_we_are()
    {
        var config = AdminConfig($"certificate-authority-data: {Base64(plane.Certificates.Authority)}");
        await using (var store = await TlsCluster.OpenAsync(config))
            await store.PingAsync(default);

        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("client-certificate-data", "as: fred, as-groups: [friends], client-certificate-data", StringComparison.Ordinal));

        Assert.Contains("User \"fred\" cannot list resource \"ipblocks\"", await MustNotOpenAsync(config), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_is_reported_at_once()
    {
        var message = await MustNotOpenAsync(plane.Kubeconfig(port: 1)).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Contains("https://127.0.0.1:1 can't be reached to list ipblocks.ipamsuite.dev: Connection refused", message, StringComparison.Ordinal);
    }

    private static async Task<string> MustNotOpenAsync(string kubeconfig)
    {
        await using var store = new KubernetesStore(new KubernetesUrl(kubeconfig), TimeProvider.System);
        return (await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(default))).Message;
    }

    private string AdminConfig(string cluster)
    {
        var path = _folder.Combine("kubeconfig");
        File.WriteAllText(path, $$"""
            { current-context: x, contexts: [{ name: x, context: { cluster: c, user: u } }],
              clusters: [{ name: c, cluster: { server: "https://127.0.0.1:{{plane.Port}}", {{cluster}} } }],
              users: [{ name: u, user: { client-certificate-data: {{Base64(plane.Certificates.Admin)}}, client-key-data: {{Base64(plane.Certificates.AdminKey)}} } }] }
            """);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
