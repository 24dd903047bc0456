using System.Net;
using System.Text;
using System.Text.Json;

namespace Testing.Servers;

/// <summary>An API server with our definitions and roles, shared by all tests of a collection, which run one after the other.</summary>
public abstract class KubernetesServer : IAsyncLifetime, IDisposable
{
    /// <summary>The bearer token of the service account that ipamd runs as.</summary>
    public const string ServiceToken = "token-of-ipamd";

    /// <summary>The token of the service account that 'ipamctl gc' has in a CronJob.</summary>
    public const string CollectorToken = "token-of-ipamgc";

    /// <summary>The bearer token of a service account that may do nothing.</summary>
    public const string NobodysToken = "token-of-nobody";

    /// <summary>What the server's --token-auth-file holds.</summary>
    protected const string Tokens = $"""
        {CollectorToken},system:serviceaccount:kube-system:ipamgc,uid-3,"system:serviceaccounts,system:serviceaccounts:kube-system"
        {ServiceToken},system:serviceaccount:kube-system:ipamd,uid-1,"system:serviceaccounts,system:serviceaccounts:kube-system"
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
        foreach (var file in Directory.GetFiles(Deploy("crds")).Concat(Directory.GetFiles(Deploy("rbac"))))
            await Admin.ApplyAsync(file);
        await Admin.MustAsync(HttpMethod.Post, "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
            {"metadata":{"name":"admin-of-pools"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ipamctl"},
             "subjects":[{"kind":"ServiceAccount","name":"ipamd","namespace":"kube-system"}]}
            """);
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
        await Admin.MustAsync(HttpMethod.Delete, "apis/coordination.k8s.io/v1/namespaces/kube-system/leases");
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
            contexts: [{name: test, context: {cluster: test, user: test}}]
            clusters: [{name: test, cluster: {server: "https://{{{Address}}}:{{{port ?? Port}}}", {{{name}}}certificate-authority-data: {{{authority}}}}}]
            users: [{name: test, user: {token: {{{token}}}}}]
            """);
    }

    /// <summary>A folder of the repository's deploy folder.</summary>
    public static string Deploy(string name) => RepositoryRoot.PathOf($"deploy/{name}");

    /// <summary>Starts the server, waits until it is ready, and sets its port; null if this machine lacks it.</summary>
    protected abstract Task<AdminApi?> StartAsync();

    protected abstract Task StopAsync();
}
