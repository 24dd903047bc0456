using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>A folder in place of a host, and what the scripts of deploy/systemd do to it.</summary>
internal sealed class InstalledHost : IDisposable
{
    /// <summary>A busy machine takes its time for so many programs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public string Root => _folder.Path;

    public string Lib => PathOf("usr/local/lib/ipamsuite");

    public string Plugin => PathOf("opt/cni/bin/ipam");

    /// <summary>The ipamd that the unit starts.</summary>
    public string Ipamd => $"{Lib}/current/ipamd/ipamd";

    public string PathOf(string name) => _folder.Combine(name);

    /// <summary>The version that a link of <see cref="Lib"/> leads to.</summary>
    public string Target(string link) => new DirectoryInfo(Path.Combine(Lib, link)).LinkTarget!;

    /// <summary>Installs a build, by default the one that was published.</summary>
    public void Install(Build? build = null) => EnsureDone(TryRun("install.sh", build));

    public void Run(string script, params string[] arguments) => EnsureDone(TryRun(script, null, arguments));

    public CommandOutcome TryRun(string script, Build? build = null, params string[] arguments) =>
        Command.Run(StartOf(script, build, arguments), "", Patience);

    /// <summary>How a script is started on this host.</summary>
    public ProcessStartInfo StartOf(string script, Build? build = null, params string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathOf($"deploy/systemd/{script}"), arguments);
        start.Environment["DESTDIR"] = Root;
        start.Environment["ARTIFACTS"] = (build ?? Build.Published).Folder;
        return start;
    }

    public void Dispose() => _folder.Dispose();

    private static void EnsureDone(CommandOutcome outcome) => Assert.True(outcome.ExitCode == 0, outcome.ToString());
}
