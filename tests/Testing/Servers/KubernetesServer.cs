using System.Net;
using System.Text;
using System.Text.Json;

namespace Testing.Servers;

/// <summary>An API server with our definitions and roles, shared by all tests of a collection, which run one after the other.</summary>
public abstract class KubernetesServer : IAsyncLifetime, IDisposable
{
    /// <summary>The bearer token of a service account for an ipamd that does all: it has the roles of nodes and of controllers.</summary>
    public const string ServiceToken = "token-of-ipamd";

    /// <summary>The token of the service account that the DaemonSet has.</summary>
    public const string NodeToken = "token-of-ipam-node";

    /// <summary>The token of the service account that the controllers have.</summary>
    public const string ControllerToken = "token-of-ipam-controller";

    /// <summary>The token of the service account that 'ipamctl gc' has in its CronJob.</summary>
    public const string CollectorToken = "token-of-ipam-gc";

    /// <summary>The token of the service account that ipam-web has.</summary>
    public const string WebToken = "token-of-ipam-web";

    /// <summary>The namespace of it all, and of the Leases.</summary>
    public const string Namespace = "ipamsuite";

    /// <summary>The bearer token of a service account that may do nothing.</summary>
    public const string NobodysToken = "token-of-nobody";

    /// <summary>What the server's --token-auth-file holds.</summary>
    protected const string Tokens = $"""
        {NodeToken},system:serviceaccount:ipamsuite:ipam-node,uid-4,"system:serviceaccounts,system:serviceaccounts:ipamsuite"
        {ControllerToken},system:serviceaccount:ipamsuite:ipam-controller,uid-5,"system:serviceaccounts,system:serviceaccounts:ipamsuite"
        {CollectorToken},system:serviceaccount:ipamsuite:ipam-gc,uid-3,"system:serviceaccounts,system:serviceaccounts:ipamsuite"
        {WebToken},system:serviceaccount:ipamsuite:ipam-web,uid-6,"system:serviceaccounts,system:serviceaccounts:ipamsuite"
        {ServiceToken},system:serviceaccount:ipamsuite:ipamd,uid-1,"system:serviceaccounts,system:serviceaccounts:ipamsuite"
        {NobodysToken},system:serviceaccount:default:nobody,uid-2,"system:serviceaccounts,system:serviceaccounts:default"
        """;

    private const string Group = "apis/ipamsuite.dev/v1alpha1";
    private static readonly string[] Kinds = ["ipblocks", "ippools", "ipreservations"];

    public TestCertificates Certificates { get; } = new();

    public AdminApi Admin { get; private set; } = null!;

    public int Port { get; protected set; }

    /// <summary>Where it listens; its certificate is for 127.0.0.1 and <see cref="TestCertificates.ServerName"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Who vouches for the server, in PEM.</summary>
    protected virtual string Authority => Certificates.Authority;

    protected TempFolder Folder { get; } = new();

    public async Task InitializeAsync()
    {
        if (await StartAsync() is not { } admin)
            return;
        Admin = admin;
        foreach (var file in (IEnumerable<string>)[Deploy("namespace.yaml"), .. Directory.GetFiles(Deploy("crds")), .. Directory.GetFiles(Deploy("rbac"))])
            await Admin.ApplyAsync(file);
        foreach (var role in (string[])["ipam-node", "ipam-controller"])
        {
            await BindAsync("clusterrolebindings", "ClusterRole", role);
            await BindAsync($"namespaces/{Namespace}/rolebindings", "Role", role);
            await BindAsync("namespaces/default/rolebindings", "Role", role);
        }
        await BindAsync("clusterrolebindings", "ClusterRole", "ipamctl");
        await BindAsync($"namespaces/{Namespace}/rolebindings", "Role", "ipamctl");
        // Until the server has taken a definition in; only asking tells.
        foreach (var kind in Kinds)
            await Wait.UntilAsync(async () => (await Admin.SendAsync(HttpMethod.Get, $"{Group}/{kind}")).Status == HttpStatusCode.OK, $"an API server that serves {kind}");
    }

    public async Task DisposeAsync()
    {
        Admin?.Dispose();
        await StopAsync();
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes away all that the store keeps.</summary>
    public async Task EmptyAsync()
    {
        foreach (var kind in Kinds)
            await Admin.MustAsync(HttpMethod.Delete, $"{Group}/{kind}");
        // Those that wait for their leases.
        using var pools = JsonDocument.Parse(await Admin.MustAsync(HttpMethod.Get, $"{Group}/ippools"));
        foreach (var pool in pools.RootElement.GetProperty("items").EnumerateArray())
        {
            var path = $"{Group}/ippools/{pool.GetProperty("metadata").GetProperty("name").GetString()}";
            await Admin.SendAsync(HttpMethod.Patch, path, """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        }
        await Admin.MustAsync(HttpMethod.Delete, $"apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases");
    }

    /// <summary>A kubeconfig for a user with a token.</summary>
    public string Kubeconfig(string token = ServiceToken, int? port = null)
    {
        var authority = Convert.ToBase64String(Encoding.UTF8.GetBytes(Authority));
        var name = IPAddress.IsLoopback(Address) ? "" : $"tls-server-name: {TestCertificates.ServerName}, ";
        return Folder.Write($"{Guid.NewGuid():N}.kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test, namespace: {{{Namespace}}}}}]
            clusters: [{name: test, cluster: {server: "https://{{{Address}}}:{{{port ?? Port}}}", {{{name}}}certificate-authority-data: {{{authority}}}}}]
            users: [{name: test, user: {token: {{{token}}}}}]
            """);
    }

    /// <summary>A file or folder of the repository's deploy/kubernetes folder.</summary>
    public static string Deploy(string name) => RepositoryRoot.PathOf($"deploy/kubernetes/{name}");

    /// <summary>Gives a role to the service account that does all.</summary>
    private Task<string> BindAsync(string path, string kind, string role) => Admin.MustAsync(HttpMethod.Post, $"apis/rbac.authorization.k8s.io/v1/{path}", $$$"""
        {"metadata":{"name":"{{{role}}}-of-ipamd"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{kind}}}","name":"{{{role}}}"},
         "subjects":[{"kind":"ServiceAccount","name":"ipamd","namespace":"{{{Namespace}}}"}]}
        """);

    /// <summary>Starts the server, waits until it is ready, and sets its port; null if this machine lacks it.</summary>
    protected abstract Task<AdminApi?> StartAsync();

    protected abstract Task StopAsync();
}
