namespace Ipam.Cli.Commands.Installation;

/// <summary>A kind of container runtime: how it is recognized, and where it says which folders it uses.</summary>
internal sealed record RuntimeKind
{
    /// <summary>
    /// Those that are known. A host may have several, such as Docker's containerd beside k3s; so those that serve nothing but a cluster come first. kubeadm, kind,
    /// minikube and Talos have an ordinary containerd or CRI-O.
    /// </summary>
    public static IReadOnlyList<RuntimeKind> All { get; } =
    [
        new() { Name = "k3s", Socket = "/run/k3s/containerd/containerd.sock", Files = ["/var/lib/rancher/k3s/agent/etc/containerd/config.toml"] },
        new() { Name = "RKE2", Socket = "/run/k3s/containerd/containerd.sock", Files = ["/var/lib/rancher/rke2/agent/etc/containerd/config.toml"] },
        new()
        {
            Name = "MicroK8s", Socket = "/var/snap/microk8s/common/run/containerd.sock", Files = ["/var/snap/microk8s/current/args/containerd.toml"],
            BinFolder = "/var/snap/microk8s/current/opt/cni/bin", ConfFolder = "/var/snap/microk8s/current/args/cni-network",
        },
        new()
        {
            Name = "CRI-O", Socket = "/run/crio/crio.sock", Files = ["/etc/crio/crio.conf", "/etc/crio/crio.conf.d/*"],
            BinKeys = ["crio/network/plugin_dirs", "crio/network/plugin_dir"], ConfKeys = ["crio/network/network_dir"],
        },
        new() { Name = "containerd", Socket = "/run/containerd/containerd.sock", Files = ["/etc/containerd/config.toml"] },
    ];

    public required string Name { get; init; }

    /// <summary>The socket that it serves while it runs.</summary>
    public required string Socket { get; init; }

    /// <summary>Its configuration; a later file wins over an earlier one. A star at the end stands for the folder's files.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The folder of plugins if the configuration names none.</summary>
    public string BinFolder { get; init; } = RuntimePaths.UsualBinFolder;

    /// <summary>The folder of network configurations if the configuration names none.</summary>
    public string ConfFolder { get; init; } = RuntimePaths.UsualConfFolder;

    /// <summary>What names the folders of plugins; a key before another wins over it.</summary>
    public IReadOnlyList<string> BinKeys { get; init; } = ContainerdKeys("bin_dirs", "bin_dir");

    /// <summary>What names the folder of network configurations.</summary>
    public IReadOnlyList<string> ConfKeys { get; init; } = ContainerdKeys("conf_dir");

    /// <summary>By the versions 3, 2 and 1 of containerd's configuration.</summary>
    private static List<string> ContainerdKeys(params string[] names) =>
        [.. from plugin in (string[])["io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri", "cri"] from name in names select $"plugins/{plugin}/cni/{name}"];
}
