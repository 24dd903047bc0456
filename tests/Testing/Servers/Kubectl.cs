using System.Diagnostics;

namespace Testing.Servers;

/// <summary>kubectl, as an administrator of a server runs it.</summary>
public sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public Kubectl(KubernetesServer server)
    {
        _folder.Write("admin.pem", server.Certificates.Admin);
        _folder.Write("admin.key", server.Certificates.AdminKey);
        _folder.Write("kubeconfig", $$"""
            { current-context: x, contexts: [{ name: x, context: { cluster: c, user: u } }],
              clusters: [{ name: c, cluster: { server: "https://{{server.Address}}:{{server.Port}}", insecure-skip-tls-verify: true } }],
              users: [{ name: u, user: { client-certificate: admin.pem, client-key: admin.key } }] }
            """);
    }

    /// <summary>Runs it; fails unless it exits with 0. Returns its stdout.</summary>
    public string Run(params string[] arguments)
    {
        var outcome = TryRun(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Stdout;
    }

    /// <summary>Runs it, whatever comes of it.</summary>
    public CommandOutcome TryRun(params string[] arguments)
    {
        var start = new ProcessStartInfo(Programs.Find("kubectl")!, arguments);
        start.Environment["KUBECONFIG"] = _folder.Combine("kubeconfig");
        start.Environment["HOME"] = _folder.Path;
        return Command.Run(start, stdin: "", Patience);
    }

    /// <summary>Writes a file that it can be given; returns its path.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    public void Dispose() => _folder.Dispose();
}
