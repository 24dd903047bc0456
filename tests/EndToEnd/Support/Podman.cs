using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>
/// podman with CNI networks, on a host of its own: a network namespace, and storage in a folder that goes with this object. Its one image
/// is made of a static busybox.
/// </summary>
internal sealed class Podman : IDisposable
{
    private const string Busybox = "/bin/busybox";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    private readonly PodmanStorage _storage = new();
    private readonly List<string> _containers = [];

    public Podman()
    {
        Directory.CreateDirectory(PathOf("networks"));
        File.WriteAllText(PathOf("containers.conf"), File.ReadAllText(RepositoryRoot.PathOf("eng/containers.conf")) + $"""
            [network]
            network_backend = "cni"
            cni_plugin_dirs = ["{RepositoryRoot.PathOf("artifacts/cni")}", "{Programs.CniFolder}"]
            network_config_dir = "{PathOf("networks")}"
            """);
        ImportImage();
    }

    /// <summary>Why it can't run containers here, tried without any network; null if it can.</summary>
    public static string? WhatIsMissing => Obstacle.Value;

    /// <summary>The host that the containers are attached to.</summary>
    public NetworkNamespace Host { get; } = NetworkNamespace.Create();

    /// <summary>Makes a network known.</summary>
    public void AddNetwork(string name, string conflist) => File.WriteAllText(PathOf($"networks/{name}.conflist"), conflist);

    /// <summary>Starts a container that serves a page with its own name on port 80.</summary>
    public void StartServer(string name, params string[] options)
    {
        _containers.Add(name);
        Run(["run", "--detach", "--name", name, .. options, "localhost/busybox",
            "sh", "-c", $"mkdir -p /www && echo {name} > /www/index.html && exec httpd -f -h /www"]);
        WaitForServer(name);
    }

    /// <summary>Runs a command inside a container.</summary>
    public string Exec(string container, params string[] command) => Run(["exec", container, .. command]);

    public void Restart(string container)
    {
        Run("restart", "--time", "0", container);
        WaitForServer(container);
    }

    public void Remove(string container)
    {
        Run("rm", "--force", "--time", "0", container);
        _containers.Remove(container);
    }

    /// <summary>Runs podman; fails unless it exits with 0. Returns its stdout.</summary>
    public string Run(params string[] arguments)
    {
        var outcome = TryRun(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }

    public void Dispose()
    {
        foreach (var container in _containers)
            TryRun("rm", "--force", "--time", "0", container);
        Host.Dispose();
        _storage.Dispose();
    }

    private void WaitForServer(string container) =>
        Exec(container, "sh", "-c", "until wget -q -O - http://127.0.0.1/; do true; done");

    // Not by "ip netns exec", which hides the mounts that podman leaves for its next call.
    private CommandOutcome TryRun(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "nsenter", [$"--net={Host.Path}", "podman", .. _storage.Options, .. arguments]);
        start.Environment["CONTAINERS_CONF"] = PathOf("containers.conf");
        return Command.Run(start, stdin: "", Patience);
    }

    private void ImportImage()
    {
        var binaries = Directory.CreateDirectory(PathOf("image/bin")).FullName;
        File.Copy(Busybox, Path.Combine(binaries, "busybox"));
        foreach (var program in (ReadOnlySpan<string>)["sh", "mkdir", "httpd", "wget", "ping", "ip", "true"])
            File.CreateSymbolicLink(Path.Combine(binaries, program), "busybox");
        Command.Run("tar", "-C", PathOf("image"), "-cf", PathOf("image.tar"), ".");
        Run("import", PathOf("image.tar"), "localhost/busybox");
    }

    private static string? FindObstacle()
    {
        if (!Environment.IsPrivilegedProcess)
            return "needs root";
        foreach (var program in (ReadOnlySpan<string>)["/usr/bin/podman", "/usr/sbin/runc", Busybox])
        {
            if (!File.Exists(program))
                return $"needs {program}, of Debian's packages podman, runc and busybox-static";
        }
        using var podman = new Podman();
        var outcome = podman.TryRun("run", "--rm", "--network", "none", "localhost/busybox", "true");
        return outcome.ExitCode == 0 ? null : $"podman can't run a container without a network here: {outcome.Stderr.Trim()}";
    }

    private string PathOf(string name) => _storage.PathOf(name);
}

/// <summary>A test that runs containers by podman.</summary>
public sealed class RequiresPodmanFactAttribute : FactAttribute
{
    public RequiresPodmanFactAttribute() => Skip = Podman.WhatIsMissing;
}
