using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Installation;

/// <summary><c>ipamctl uninstall-cni</c>.</summary>
internal sealed class UninstallCniCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly HostOptions _host = new();
    private readonly Option<bool> _force = new("--force") { Description = "Remove the plugins even if a network configuration of somebody else names them." };
    private readonly Confirmation _confirmation;

    public UninstallCniCommand(CliEnvironment environment)
        : base("uninstall-cni", "Removes what install-cni installed on a host, after asking: first the network configurations, then the plugins. Needs no store.")
    {
        _environment = environment;
        _confirmation = new Confirmation(environment, "remove");
        _host.AddTo(this);
        Add(_force);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl uninstall-cni --dry-run", "ipamctl uninstall-cni --host-root /host --yes"];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(Run(arguments));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Task.FromResult(_environment.Fail($"not all is removed: {e.Message}", ExitCode.Failure));
        }
    }

    private int Run(ParseResult arguments)
    {
        var host = _host.RootOf(arguments);
        var paths = _host.PathsOf(arguments);
        var conf = host.PathOf(paths.ConfFolder);
        var places = ConflistPlace.AllIn(conf).Where(static place => !place.IsSomebodyElses()).ToArray();
        var plugins = CniInstallation.Plugins.Where(plugin => File.Exists(host.PathOf($"{paths.BinFolder}/{plugin}"))).ToArray();
        if (!arguments.GetValue(_force) && UsersAmong(conf, [.. places.Select(static place => place.Name)]) is { Count: > 0 } users)
        {
            return _environment.Fail(
                $"not removed: {string.Join(", ", users)} in {paths.ConfFolder} names a plugin of ours, and is somebody else's. Its containers could neither start nor end. Move them to another network, or use --force.",
                ExitCode.Refused);
        }
        if (places.Length + plugins.Length == 0)
            return _environment.Done($"found {paths.Runtime}: nothing of ours is in {paths.ConfFolder} or {paths.BinFolder}");
        var what = string.Join(", ", [.. places.Select(place => $"{paths.ConfFolder}/{place.Name}"), .. plugins.Select(plugin => $"{paths.BinFolder}/{plugin}")]);
        if (_confirmation.EndsWith(arguments, $"would remove {what}", $"Containers on a network of these plugins can't end cleanly without them. Remove {what}?") is { } end)
            return end;
        foreach (var place in places)
            place.Remove();
        foreach (var plugin in plugins)
            new Placement(host.PathOf(paths.BinFolder), plugin, default).Remove();
        return _environment.Done($"removed {what}");
    }

    /// <summary>The configurations that name one of our plugins, but for those that go.</summary>
    private static List<string> UsersAmong(string folder, IReadOnlyList<string> going)
    {
        var users = new List<string>();
        foreach (var name in Conflist.NamesIn(folder).Except(going))
        {
            try
            {
                if (Conflist.Read(Path.Combine(folder, name)).Plugins.Intersect(CniInstallation.Plugins).Any())
                    users.Add(name);
            }
            catch (UsageException)
            {
                // What no runtime can use, nobody's containers need.
            }
        }
        return users;
    }
}
