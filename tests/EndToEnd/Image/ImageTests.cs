using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Image;

/// <summary>deploy/image, built of what was published, on a base under the name that the Dockerfile writes: this machine's .NET and the libraries that it loads.</summary>
public sealed class ImageTests : WholeMachineTests, IDisposable
{
    private const string Name = "localhost/ipamsuite:test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly PodmanStorage _storage = new();

    public void Dispose() => _storage.Dispose();

    [RequiresPodmanFact]
    public void It_is_built_and_its_programs_run_as_the_manifests_run_them()
    {
        ImportBase();
        Run(RepositoryRoot.PathOf("eng/notice.sh"));
        Run(RepositoryRoot.PathOf("deploy/image/build.sh"), Name);

        Assert.StartsWith("Description:\n  Looks at and corrects", RunInside([], []), StringComparison.Ordinal);
        Assert.StartsWith("Description:\n  Shows in a browser", RunInside([], ["ipam-web", "--help"]), StringComparison.Ordinal);
        Assert.StartsWith("ipamd: the IPAM service", RunInside([], ["ipamd", "--help"]), StringComparison.Ordinal);
        Assert.Contains("\nKubernetesClient 21.", RunInside(["--volume", $"{Busybox()}:/bin/busybox:ro"], ["/bin/busybox", "cat", "/opt/ipamsuite/NOTICE"]), StringComparison.Ordinal);

        var host = Directory.CreateDirectory(_storage.PathOf("host")).FullName;
        Assert.EndsWith(
            "installed /opt/cni/bin/ipam, /opt/cni/bin/net-ptp\n", RunInside(["--user", "0:0", "--volume", $"{host}:/host"], ["ipamctl", "install-cni", "--host-root", "/host"]), StringComparison.Ordinal);
        ServeContainers($"{host}/opt/cni/bin/ipam");
    }

    /// <summary>ipamd inside and the plugin outside meet in the folders of the host.</summary>
    private void ServeContainers(string plugin)
    {
        using var site = new Site();
        var run = Directory.CreateDirectory(Path.GetDirectoryName(site.Socket)!).FullName;
        Directory.CreateDirectory(site.Spool);
        var id = RunInside(["--detach", "--user", "0:0", "--volume", $"{run}:/run/ipam", "--volume", $"{site.Spool}:/var/lib/ipam"], ["ipamd", "--node", "here"]).Trim();
        try
        {
            var network = new NetworkConfig("inside") { Wait = 15 };
            foreach (var verb in (string[])["VERSION", "ADD", "STATUS", "DEL"])
                CniPlugin.Run(plugin, new CniCall(verb) { Stdin = network.Json(site) }).EnsureSuccess();
            Assert.Equal("[]\n", Run(Podman(), "exec", id, "ipamctl", "lease", "list", "-o", "json"));
        }
        finally
        {
            Run(Podman(), "rm", "--force", "--time", "5", id);
        }
    }

    private static string Busybox() => Programs.Find("busybox")!;

    /// <summary>With what the manifests give all containers.</summary>
    private string RunInside(string[] options, string[] command) =>
        Run(Podman(), ["run", "--rm", "--network", "none", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", .. options, Name, .. command]);

    private void ImportBase()
    {
        var name = RepositoryRoot.Read("deploy/image/Dockerfile").Split('\n').Last(static line => line.StartsWith("FROM mcr.", StringComparison.Ordinal))[5..];
        var runtime = RepositoryRoot.Read("deploy/image/Dockerfile").Split('\n').First(static line => line.StartsWith("ARG DOTNET=", StringComparison.Ordinal))["ARG DOTNET=".Length..];
        Run("/bin/sh", "-c", $$"""
            set -e
            dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
            root={{_storage.PathOf("base")}}
            mkdir -p "$root/usr/share/dotnet" "$root/tmp"
            cp -R "$dotnet/host" "$dotnet/shared" "$root/usr/share/dotnet/"
            for file in $(find "$dotnet/host" "$dotnet/shared" -name '*.so') {{Repository.Ipamd}}; do ldd "$file" | grep -o '/[^ )]*' || true; done | sort -u | while read -r library; do
              case $library in "$dotnet"/*) ;; *) install -D "$library" "$root$library" ;; esac
            done
            tar -C "$root" -c . | {{Podman()}} import --quiet - {{name.Replace("${DOTNET}", runtime, StringComparison.Ordinal)}}
            """);
    }

    /// <summary>podman, with storage of its own.</summary>
    private string Podman()
    {
        var program = _storage.PathOf("bin/podman");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(_storage.PathOf("bin"));
            File.WriteAllText(program, $"#!/bin/sh\nexec /usr/bin/podman {string.Join(' ', _storage.Options)} \"$@\"\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        return program;
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["CONTAINERS_CONF"] = RepositoryRoot.PathOf("eng/containers.conf");
        start.Environment["PATH"] = $"{_storage.PathOf("bin")}:{start.Environment["PATH"]}";
        var outcome = Command.Run(start, stdin: "", Patience);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }
}
