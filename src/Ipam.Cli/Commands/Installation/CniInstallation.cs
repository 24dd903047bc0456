using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Installation;

/// <summary>
/// What an installation puts on a host, and in which order: the plugins; then it waits for ipamd; then the conflists. A conflist that is there makes the runtime
/// start containers, and then plugin and ipamd must be there.
/// </summary>
internal sealed class CniInstallation(CliEnvironment environment)
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const int MostPluginBytes = 256 << 20;

    /// <summary>The plugins.</summary>
    public static IReadOnlyList<string> Plugins { get; } = ["ipam", "net-ptp"];

    /// <summary>Where the plugins are to be taken from.</summary>
    public required string Source { get; init; }

    /// <summary>The host.</summary>
    public required HostRoot Host { get; init; }

    /// <summary>Its folders.</summary>
    public required RuntimePaths Paths { get; init; }

    /// <summary>The conflists to install.</summary>
    public required IReadOnlyList<Conflist> Conflists { get; init; }

    /// <summary>Whether a conflist that somebody else put there, or changed, is replaced.</summary>
    public required bool Overwrites { get; init; }

    /// <summary>ipamd's socket, as the host calls it.</summary>
    public required string Socket { get; init; }

    /// <summary>How long to wait for ipamd.</summary>
    public required TimeSpan Patience { get; init; }

    private string BinFolder => Host.PathOf(Paths.BinFolder);

    private string ConfFolder => Host.PathOf(Paths.ConfFolder);

    /// <summary>Installs what isn't there yet.</summary>
    /// <returns>What was done, in words; null if nothing had to be.</returns>
    /// <exception cref="InstallationException">It can't be done; what was done until then stays.</exception>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Read all before anything is written.
            var plugins = Plugins.Select(plugin => UnixFile.Read(Path.Combine(Source, plugin), MostPluginBytes, followLink: true)).ToArray();
            var done = Plugins.Zip(plugins).Select(plugin => Install(plugin.First, plugin.Second)).ToList();
            foreach (var conflist in Conflists)
                done.Add(await InstallAsync(conflist, cancellationToken));
            return done.Any(static what => what is not null) ? string.Join(", ", done.Where(static what => what is not null)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InstallationException(e.Message, e);
        }
    }

    private string? Install(string plugin, byte[] content)
    {
        var place = new Placement(BinFolder, plugin, Program);
        place.CleanUp(environment.Time.GetUtcNow());
        if (place.Has(content))
            return null;
        place.Put(content, PluginTrial.Run);
        return $"{Paths.BinFolder}/{plugin}";
    }

    private async Task<string?> InstallAsync(Conflist conflist, CancellationToken cancellationToken)
    {
        var place = new ConflistPlace(ConfFolder, conflist.FileName);
        var name = $"{Paths.ConfFolder}/{conflist.FileName}";
        place.CleanUp(environment.Time.GetUtcNow());
        if (place.Has(conflist.Content))
            return null;
        if (!Overwrites && place.IsSomebodyElses())
        {
            environment.Note($"{name} is left as it is: somebody else put it there or changed it. --overwrite replaces it.");
            return null;
        }
        if (await new ServiceSocket(Host.PathOf(Socket), environment.Time).WaitAsync(Patience, cancellationToken) is { } problem)
            throw new InstallationException($"{name} is not installed: ipamd doesn't answer at {Socket} within {Patience.TotalSeconds:0} s ({problem}). The plugins are there.");
        place.Put(conflist.Content);
        NoteWhatIsInTheWay(conflist);
        return name;
    }

    private void NoteWhatIsInTheWay(Conflist conflist)
    {
        var missing = conflist.Plugins.Where(plugin => !File.Exists(Path.Combine(BinFolder, plugin))).ToArray();
        if (missing.Length > 0)
            environment.Note($"{conflist.FileName} names plugins that are not in {Paths.BinFolder}: {string.Join(", ", missing)}. If the runtime doesn't find them elsewhere, no container starts.");
        if (Conflist.NamesIn(ConfFolder) is [var first, ..] && first != conflist.FileName)
            environment.Note($"the runtime takes the first configuration of {Paths.ConfFolder}, which is {first} and not {conflist.FileName}.");
    }
}

/// <summary>It could not be installed, or not be removed; the message says why.</summary>
internal sealed class InstallationException(string message, Exception? cause = null) : Exception(message, cause);
