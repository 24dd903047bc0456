using System.Net;
using System.Text;

namespace Testing.Servers;

/// <summary>etcd and an API server with our definitions and roles, shared by all tests of the collection, which run one after the other.</summary>
public sealed class ControlPlane : IAsyncLifetime, IDisposable
{
    /// <summary>The bearer token of the service account that ipamd runs as.</summary>
    public const string ServiceToken = "token-of-ipamd";

    /// <summary>The bearer token of a service account that may do nothing.</summary>
    public const string NobodysToken = "token-of-nobody";

    private const string Group = "apis/ipamsuite.dev/v1alpha1";

    private readonly TempFolder _folder = new();
    private readonly List<ServerProcess> _servers = [];

    public TestCertificates Certificates { get; } = new();

    public AdminApi Admin { get; private set; } = null!;

    public int Port { get; private set; }

    /// <summary>Where it listens; its certificate is for 127.0.0.1 and <see cref="TestCertificates.ServerName"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public async Task InitializeAsync()
    {
        if (ControlPlaneAssets.Folder is not { } assets)
            return;
        var etcd = Ports.Free();
        var peers = Ports.Free();
        Port = Ports.Free();
        Start("etcd", Path.Combine(assets, "etcd"), "--data-dir", _folder.Combine("data"), "--unsafe-no-fsync",
            $"--listen-client-urls=http://127.0.0.1:{etcd}", $"--advertise-client-urls=http://127.0.0.1:{etcd}",
            $"--listen-peer-urls=http://127.0.0.1:{peers}", $"--initial-advertise-peer-urls=http://127.0.0.1:{peers}",
            $"--initial-cluster=default=http://127.0.0.1:{peers}");
        await StartServerAsync(assets, etcd);
        Admin = new AdminApi(Address, Port, Certificates);
        foreach (var file in Directory.GetFiles(Deploy("crds")).Concat(Directory.GetFiles(Deploy("rbac"))))
            await Admin.ApplyAsync(file);
        await Admin.MustAsync(HttpMethod.Post, "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
            {"metadata":{"name":"admin-of-pools"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ipamctl"},
             "subjects":[{"kind":"ServiceAccount","name":"ipamd","namespace":"kube-system"}]}
            """);
        foreach (var kind in new[] { "ipblocks", "ippools", "ipreservations" })
            await AwaitKindAsync(kind);
    }

    public async Task DisposeAsync()
    {
        Admin?.Dispose();
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Takes away all that the store keeps.</summary>
    public async Task EmptyAsync()
    {
        foreach (var kind in new[] { "ipblocks", "ippools", "ipreservations" })
            await Admin.MustAsync(HttpMethod.Delete, $"{Group}/{kind}");
        await Admin.MustAsync(HttpMethod.Delete, "apis/coordination.k8s.io/v1/namespaces/kube-system/leases");
    }

    /// <summary>A kubeconfig for a user with a token.</summary>
    public string Kubeconfig(string token = ServiceToken, int? port = null)
    {
        var authority = Convert.ToBase64String(Encoding.UTF8.GetBytes(Certificates.Authority));
        var name = IPAddress.IsLoopback(Address) ? "" : $"tls-server-name: {TestCertificates.ServerName}, ";
        return _folder.Write($"{Guid.NewGuid():N}.kubeconfig", $$$"""
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

    private void Start(string name, params IEnumerable<string> command) => _servers.Add(new ServerProcess(_folder.Combine($"{name}.log"), command));

    private async Task StartServerAsync(string assets, int etcd)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(_folder.Path, "ready");
        watcher.Created += (_, _) => ready.TrySetResult();
        watcher.Renamed += (_, _) => ready.TrySetResult();
        watcher.EnableRaisingEvents = true;
        Start("kube-apiserver", Path.Combine(assets, "kube-apiserver"),
            $"--etcd-servers=http://127.0.0.1:{etcd}", $"--bind-address={Address}", $"--secure-port={Port}",
            $"--tls-cert-file={_folder.Write("server.pem", Certificates.Server)}", $"--tls-private-key-file={_folder.Write("server.key", Certificates.ServerKey)}",
            $"--client-ca-file={_folder.Write("ca.pem", Certificates.Authority)}",
            $"--token-auth-file={_folder.Write("tokens", $"""
                {ServiceToken},system:serviceaccount:kube-system:ipamd,uid-1,"system:serviceaccounts,system:serviceaccounts:kube-system"
                {NobodysToken},system:serviceaccount:default:nobody,uid-2,"system:serviceaccounts,system:serviceaccounts:default"
                """)}",
            "--anonymous-auth=false", "--authorization-mode=RBAC", $"--cert-dir={_folder.Combine("cert")}",
            // Written once the server is ready.
            $"--write-kubeconfig={_folder.Combine("ready")}");
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the API server isn't ready: {await File.ReadAllTextAsync(_servers[^1].Log)}");
        }
    }

    /// <summary>Waits until the server has taken a definition in; only asking tells.</summary>
    private async Task AwaitKindAsync(string kind)
    {
        for (var tries = 0; (await Admin.SendAsync(HttpMethod.Get, $"{Group}/{kind}")).Status != HttpStatusCode.OK; tries++)
        {
            Assert.True(tries < 200, $"the API server doesn't serve {kind}");
            await Task.Delay(50);
        }
    }
}
