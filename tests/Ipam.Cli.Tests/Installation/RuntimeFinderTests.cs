using System.Net.Sockets;
using Ipam.Cli.Commands.Installation;

namespace Ipam.Cli.Tests.Installation;

/// <summary>Which folders are found on hosts as their distributions leave them.</summary>
public sealed class RuntimeFinderTests : IDisposable
{
    private const string K3s = "/var/lib/rancher/k3s/agent/etc/containerd/config.toml";
    private const string K3sSocket = "/run/k3s/containerd/containerd.sock";
    private const string Containerd = "/etc/containerd/config.toml";
    private const string ContainerdSocket = "/run/containerd/containerd.sock";

    private readonly List<Socket> _sockets = [];

    // The kernel takes only short paths of sockets.
    private readonly string _root = Directory.CreateTempSubdirectory("h").FullName;

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData("kubeadm", Containerd, ContainerdSocket, """
        version = 2
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "registry.k8s.io/pause:3.10"
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/opt/cni/bin" # the usual one
            conf_dir = "/etc/cni/net.d"
        """, "containerd", "/opt/cni/bin", "/etc/cni/net.d")]
    [InlineData("containerd 2", Containerd, ContainerdSocket, """
        version = 3
        [plugins.'io.containerd.cri.v1.runtime'.cni]
        bin_dirs = [
          # "/old",
          '/usr/lib/cni', '/srv/cni/bin',
        ]
        conf_dir = '/srv/cni/net.d'
        max_conf_num = 1
        """, "containerd", "/srv/cni/bin", "/srv/cni/net.d")]
    [InlineData("without a word", Containerd, ContainerdSocket, "disabled_plugins = []", "containerd", "/opt/cni/bin", "/etc/cni/net.d")]
    [InlineData("k3s", K3s, K3sSocket, """
        version = 3
        [plugins.'io.containerd.cri.v1.runtime'.cni]
          bin_dirs = ["/var/lib/rancher/k3s/data/cni"]
          conf_dir = "/var/lib/rancher/k3s/agent/etc/cni/net.d"
        """, "k3s", "/var/lib/rancher/k3s/data/cni", "/var/lib/rancher/k3s/agent/etc/cni/net.d")]
    [InlineData("k3s without flannel", K3s, K3sSocket, "version = 3", "k3s", "/opt/cni/bin", "/etc/cni/net.d")]
    [InlineData("RKE2", "/var/lib/rancher/rke2/agent/etc/containerd/config.toml", K3sSocket, """
        [plugins."io.containerd.grpc.v1.cri".cni]
          bin_dir = "/opt/cni/bin"
          conf_dir = "/etc/cni/net.d"
        """, "RKE2", "/opt/cni/bin", "/etc/cni/net.d")]
    [InlineData("MicroK8s", "/var/snap/microk8s/current/args/containerd.toml", "/var/snap/microk8s/common/run/containerd.sock", """
        [plugins."io.containerd.grpc.v1.cri".cni]
          bin_dir = "${SNAP_DATA}/opt/cni/bin"
          conf_dir = "${SNAP_DATA}/args/cni-network"
        """, "MicroK8s", "/var/snap/microk8s/current/opt/cni/bin", "/var/snap/microk8s/current/args/cni-network")]
    [InlineData("OpenShift", "/etc/crio/crio.conf.d/00-default", "/run/crio/crio.sock", """
        [crio.network]
        network_dir = "/etc/kubernetes/cni/net.d/"
        plugin_dirs = [
            "/usr/libexec/cni",
            "/var/lib/cni/bin",
        ]
        """, "CRI-O", "/var/lib/cni/bin", "/etc/kubernetes/cni/net.d/")]
    [InlineData("CRI-O alone", "/etc/crio/crio.conf", "/run/crio/crio.sock", "[crio.network]\nplugin_dirs = [\"/usr/libexec/cni\"]", "CRI-O", "/usr/libexec/cni", "/etc/cni/net.d")]
    public void The_folders_are_those_that_the_runtime_is_told(string host, string file, string socket, string text, string runtime, string bin, string conf)
    {
        Write(file, text);
        Serve(socket);

        Assert.Equal((host, new RuntimePaths(runtime, bin, conf)), (host, Find()));
    }

    [Fact]
    public void What_the_documents_tell_CRI_O_is_what_is_found()
    {
        Write("/etc/crio/crio.conf.d/10-ipam.conf", RepositoryRoot.Read("docs/runtimes.md").Split("`/etc/crio/crio.conf.d/10-ipam.conf`:\n\n```toml\n")[1].Split("```")[0]);
        Assert.Equal(new RuntimePaths("CRI-O", "/opt/cni/bin", "/etc/cni/net.d"), Find());
    }

    [Fact]
    public void Of_several_runtimes_it_is_the_one_that_runs()
    {
        Write(Containerd, "");
        Write("/etc/crio/crio.conf", "");
        Assert.Equal("CRI-O", Find().Runtime);
        Serve(ContainerdSocket);
        Assert.Equal("containerd", Find().Runtime);
    }

    [Fact]
    public void A_socket_that_nobody_serves_any_more_is_no_runtime()
    {
        Serve("/run/crio/crio.sock").Dispose();
        Serve(ContainerdSocket);
        Assert.Equal("containerd", Find().Runtime);
    }

    [Fact]
    public void The_containerd_of_Docker_beside_k3s_is_not_the_clusters()
    {
        Write(Containerd, "");
        Write(K3s, "");
        Serve(ContainerdSocket);
        Serve(K3sSocket);
        Assert.Equal("k3s", Find().Runtime);
    }

    [Fact]
    public void A_file_that_is_read_later_wins()
    {
        Write("/etc/crio/crio.conf", "[crio.network]\nnetwork_dir = \"/a\"\nplugin_dir = \"/bin-a\"");
        Write("/etc/crio/crio.conf.d/10-a", "[crio.network]\nnetwork_dir = \"/b\"");
        Write("/etc/crio/crio.conf.d/20-b", "[crio]\nnetwork.network_dir = \"/c\"");
        Assert.Equal(new RuntimePaths("CRI-O", "/bin-a", "/c"), Find());
    }

    [Fact]
    public void Imported_files_count()
    {
        Write(Containerd, "imports = [\"conf.d/*.toml\", \"/etc/absent.toml\"]");
        Write("/etc/containerd/conf.d/cni.toml", "[plugins.'io.containerd.cri.v1.runtime'.cni]\nconf_dir = '/imported'");
        Assert.Equal("/imported", Find().ConfFolder);
    }

    [Fact]
    public void A_host_without_a_runtime_has_the_usual_ones() =>
        Assert.Equal(new RuntimePaths("no known runtime", "/opt/cni/bin", "/etc/cni/net.d"), Find());

    private RuntimePaths Find() => new RuntimeFinder(new HostRoot(_root)).Find();

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, text);
    }

    private Socket Serve(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(socket);
        socket.Bind(new UnixDomainSocketEndPoint(_root + path));
        socket.Listen();
        return socket;
    }
}
