namespace EndToEnd.Support;

/// <summary>A network namespace that stands for a container.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly string _name;

    private NetworkNamespace(string name) => _name = name;

    public string Path => $"/var/run/netns/{_name}";

    public static NetworkNamespace Create()
    {
        var made = new NetworkNamespace($"e2e-{Guid.NewGuid():N}"[..16]);
        Command.Run("ip", "netns", "add", made._name);
        return made;
    }

    /// <summary>Puts another namespace at the same path.</summary>
    public void Replace()
    {
        Command.Run("ip", "netns", "delete", _name);
        Command.Run("ip", "netns", "add", _name);
    }

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

    public void Dispose() => Command.Run("ip", "netns", "delete", _name);
}

/// <summary>A name for a bridge that a plugin makes; the bridge is removed at the end, if it was made.</summary>
internal sealed class BridgeName : IDisposable
{
    public string Name { get; } = $"e2e{Guid.NewGuid():N}"[..11];

    public void Dispose() => Command.TryRun("ip", "link", "delete", Name);
}
