using System.Diagnostics;

namespace EndToEnd.Support;

/// <summary>A network namespace that stands for a container.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    /// <summary>The kernel takes about a millisecond for one.</summary>
    private static readonly TimeSpan PatienceWithMany = TimeSpan.FromMinutes(2);

    private readonly string _name;

    private NetworkNamespace(string name) => _name = name;

    public string Path => $"/var/run/netns/{_name}";

    public static NetworkNamespace Create() => CreateMany(1)[0];

    /// <summary>Makes so many in one go.</summary>
    public static IReadOnlyList<NetworkNamespace> CreateMany(int count)
    {
        NetworkNamespace[] made = [.. Enumerable.Range(0, count).Select(static _ => new NetworkNamespace($"e2e-{Guid.NewGuid():N}"[..16]))];
        TellIp(made.Select(static one => $"netns add {one._name}"));
        return made;
    }

    /// <summary>
    /// Puts another namespace at the path of each. The kernel may give the number of the former one to the latter, which nobody can tell from it then: those are made once
    /// more.
    /// </summary>
    public static void ReplaceAll(IReadOnlyCollection<NetworkNamespace> all)
    {
        var former = Inodes(all);
        for (var left = all; left.Count > 0; left = [.. Inodes(left).Where(one => former[one.Key] == one.Value).Select(static one => one.Key)])
            TellIp(left.SelectMany(static one => (string[])[$"netns delete {one._name}", $"netns add {one._name}"]));
    }

    /// <summary>Takes all of them away in one go.</summary>
    public static void DisposeAll(IReadOnlyCollection<NetworkNamespace> all) => TellIp(all.Select(static one => $"netns delete {one._name}"));

    /// <summary>Runs a program inside; fails unless it exits with 0. Returns its stdout.</summary>
    public string Run(params string[] command) => Command.Run("ip", ["netns", "exec", _name, .. command]);

    /// <summary>The addresses of an interface, without the link-local ones, as <c>address/length</c>.</summary>
    public IReadOnlyList<string> Addresses(string interfaceName) =>
    [
        .. JsonText.Parse(Command.Run("ip", "-n", _name, "-j", "address", "show", "dev", interfaceName))[0]
            .GetProperty("addr_info").EnumerateArray()
            .Where(static address => address.GetProperty("scope").GetString() == "global")
            .Select(static address => $"{address.GetProperty("local").GetString()}/{address.GetProperty("prefixlen").GetInt32()}"),
    ];

    public void Dispose() => DisposeAll([this]);

    private static void TellIp(IEnumerable<string> commands)
    {
        var outcome = Command.Run(new ProcessStartInfo("ip", ["-batch", "-"]), string.Join('\n', commands), PatienceWithMany);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    private static Dictionary<NetworkNamespace, string> Inodes(IReadOnlyCollection<NetworkNamespace> all) =>
        all.Count == 0 ? [] : all.Zip(Command.Run("stat", ["--dereference", "--format=%i", .. all.Select(static one => one.Path)]).Split('\n')).ToDictionary(static one => one.First, static one => one.Second);
}

/// <summary>A name for a bridge that a plugin makes; the bridge is removed at the end, if it was made.</summary>
internal sealed class BridgeName : IDisposable
{
    public string Name { get; } = $"e2e{Guid.NewGuid():N}"[..11];

    public void Dispose() => Command.TryRun("ip", "link", "delete", Name);
}
