using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Testcontainers.K3s;

namespace Testing.Servers;

/// <summary>An API server in containers: K3s where an image of it is chosen, otherwise etcd and kube-apiserver.</summary>
public sealed class KubernetesContainers : KubernetesServer
{
    private const int EtcdPort = 2379;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IContainer> _containers = [];
    private ContainerEngine? _engine;
    private string? _authority;

    /// <summary>Why it can't be run here; null if it can.</summary>
    public static string? WhyMissing => ContainerImage.K3s.IsChosen
        ? ContainerImage.K3s.WhyMissing
        : ContainerImage.Etcd.WhyMissing ?? ContainerImage.ApiServer.WhyMissing;

    protected override string Authority => _authority ?? base.Authority;

    protected override async Task<AdminApi?> StartAsync()
    {
        if (WhyMissing is not null)
            return null;
        _engine = ContainerEngine.Find()!;
        return ContainerImage.K3s.IsChosen ? await StartK3sAsync() : await StartControlPlaneAsync();
    }

    protected override async Task StopAsync()
    {
        foreach (var container in Enumerable.Reverse(_containers))
            await container.DisposeAsync();
        _engine?.Dispose();
    }

    private async Task<AdminApi> StartControlPlaneAsync()
    {
        var etcd = await RunAsync(ContainerEngine.Ours(new ContainerBuilder(ContainerImage.Etcd.Name))
            .WithCommand("--data-dir=/data/etcd", "--unsafe-no-fsync", $"--listen-client-urls=http://0.0.0.0:{EtcdPort}", $"--advertise-client-urls=http://0.0.0.0:{EtcdPort}")
            .Build());
        // By its address: not every engine's network has names.
        var server = await RunAsync(ContainerEngine.Ours(new ContainerBuilder(ContainerImage.ApiServer.Name))
            .WithPortBinding(K3sBuilder.KubeSecurePort, assignRandomHostPort: true)
            .WithResourceMapping(Encoding.UTF8.GetBytes(Certificates.Server), "/data/server.pem")
            .WithResourceMapping(Encoding.UTF8.GetBytes(Certificates.ServerKey), "/data/server.key")
            .WithResourceMapping(Encoding.UTF8.GetBytes(Certificates.Authority), "/data/ca.pem")
            .WithResourceMapping(Encoding.UTF8.GetBytes(Tokens), "/data/tokens")
            .WithCommand(
                $"--etcd-servers=http://{etcd.IpAddress}:{EtcdPort}", $"--secure-port={K3sBuilder.KubeSecurePort}", "--tls-cert-file=/data/server.pem",
                "--tls-private-key-file=/data/server.key", "--client-ca-file=/data/ca.pem", "--token-auth-file=/data/tokens", "--anonymous-auth=false",
                "--authorization-mode=RBAC", "--cert-dir=/data/cert")
            .Build());
        Port = server.GetMappedPublicPort(K3sBuilder.KubeSecurePort);
        var admin = new AdminApi(Address, Port, Certificates.Admin, Certificates.AdminKey);
        for (var start = Stopwatch.GetTimestamp(); !await IsReadyAsync(admin); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"the API server isn't ready: {await ContainerEngine.LogAsync(server)}");
        return admin;
    }

    private async Task<AdminApi> StartK3sAsync()
    {
        var k3s = ContainerEngine.Ours(new K3sBuilder(ContainerImage.K3s.Name))
            .WithResourceMapping(Encoding.UTF8.GetBytes(Tokens), "/etc/ipam-tokens")
            .WithCommand("--kube-apiserver-arg=token-auth-file=/etc/ipam-tokens").Build();
        await RunAsync(k3s);
        Port = k3s.GetMappedPublicPort(K3sBuilder.KubeSecurePort);
        var kubeconfig = await k3s.GetKubeconfigAsync();
        _authority = Data(kubeconfig, "certificate-authority-data");
        return new AdminApi(Address, Port, Data(kubeconfig, "client-certificate-data"), Data(kubeconfig, "client-key-data"));
    }

    private async Task<IContainer> RunAsync(IContainer container)
    {
        _containers.Add(container);
        await _engine!.StartAsync(container);
        return container;
    }

    private static async Task<bool> IsReadyAsync(AdminApi admin)
    {
        try
        {
            return (await admin.SendAsync(HttpMethod.Get, "readyz")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Data(string kubeconfig, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Match(kubeconfig, $@"^\s*{key}: (\S+)$", RegexOptions.Multiline).Groups[1].Value));
}

/// <summary>Marks a class whose tests need <see cref="KubernetesContainers"/>.</summary>
public sealed class NeedsKubernetesContainersAttribute() : NeedsAttribute(KubernetesContainers.WhyMissing);
