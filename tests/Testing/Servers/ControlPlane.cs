namespace Testing.Servers;

/// <summary>etcd and an API server as processes.</summary>
public sealed class ControlPlane : KubernetesServer
{
    private readonly List<ServerProcess> _servers = [];
    private readonly int _etcd = Ports.Free();
    private readonly int _peers = Ports.Free();

    protected override async Task<AdminApi?> StartAsync()
    {
        if (ControlPlaneAssets.Folder is not { } assets)
            return null;
        Port = Ports.Free();
        await StartServersAsync(assets);
        return new AdminApi(Address, Port, Certificates.Admin, Certificates.AdminKey);
    }

    protected override async Task StopAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
        _servers.Clear();
    }

    /// <summary>Stops the servers, does something with the folder of etcd's data, and starts them again.</summary>
    public async Task RestartAsync(Action<string> between)
    {
        await StopAsync();
        between(Folder.Combine("data"));
        File.Delete(Folder.Combine("ready"));
        await StartServersAsync(ControlPlaneAssets.Folder!);
    }

    private async Task StartServersAsync(string assets)
    {
        Start("etcd", Path.Combine(assets, "etcd"), "--data-dir", Folder.Combine("data"), "--unsafe-no-fsync",
            $"--listen-client-urls=http://127.0.0.1:{_etcd}", $"--advertise-client-urls=http://127.0.0.1:{_etcd}",
            $"--listen-peer-urls=http://127.0.0.1:{_peers}", $"--initial-advertise-peer-urls=http://127.0.0.1:{_peers}",
            $"--initial-cluster=default=http://127.0.0.1:{_peers}");
        await StartServerAsync(assets, _etcd);
    }

    private void Start(string name, params IEnumerable<string> command) => _servers.Add(new ServerProcess(Folder.Combine($"{name}.log"), command));

    private async Task StartServerAsync(string assets, int etcd)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Folder.Path, "ready");
        watcher.Created += (_, _) => ready.TrySetResult();
        watcher.Renamed += (_, _) => ready.TrySetResult();
        watcher.EnableRaisingEvents = true;
        Start("kube-apiserver", Path.Combine(assets, "kube-apiserver"),
            $"--etcd-servers=http://127.0.0.1:{etcd}", $"--bind-address={Address}", $"--secure-port={Port}",
            $"--tls-cert-file={Folder.Write("server.pem", Certificates.Server)}", $"--tls-private-key-file={Folder.Write("server.key", Certificates.ServerKey)}",
            $"--client-ca-file={Folder.Write("ca.pem", Certificates.Authority)}", $"--token-auth-file={Folder.Write("tokens", Tokens)}",
            "--anonymous-auth=false", "--authorization-mode=RBAC", $"--cert-dir={Folder.Combine("cert")}",
            // Written once the server is ready.
            $"--write-kubeconfig={Folder.Combine("ready")}");
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the API server isn't ready: {await File.ReadAllTextAsync(_servers[^1].Log)}");
        }
    }
}
