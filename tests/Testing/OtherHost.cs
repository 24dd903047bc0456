namespace Testing;

/// <summary>Another host on a wire that this machine has: a network namespace behind a bridge. Needs root.</summary>
public sealed class OtherHost : IDisposable
{
    private readonly string _name = $"{Guid.NewGuid():N}"[..8];

    public OtherHost()
    {
        Command.Run("ip", "netns", "add", Namespace);
        Command.Run("ip", "link", "add", Wire, "type", "bridge");
        Command.Run("ip", "link", "add", $"v{_name}", "master", Wire, "type", "veth", "peer", "name", "eth0", "netns", Namespace);
        Command.Run("ip", "link", "set", $"v{_name}", "up");
        Command.Run("ip", "link", "set", Wire, "up");
        Ip("link", "set", "eth0", "up");
        Mac = Run("cat", "/sys/class/net/eth0/address").Trim();
    }

    /// <summary>The interface by which this machine reaches it.</summary>
    public string Wire => $"b{_name}";

    /// <summary>Its Ethernet address.</summary>
    public string Mac { get; }

    private string Namespace => $"other-{_name}";

    /// <summary>Gives it addresses, each with its prefix length.</summary>
    public OtherHost With(params string[] addresses)
    {
        foreach (var address in addresses)
            Ip([.. (string[])["addr", "add", address, "dev", "eth0"], .. address.Contains(':', StringComparison.Ordinal) ? (string[])["nodad"] : []]);
        return this;
    }

    /// <summary>Runs <c>ip</c> there.</summary>
    public string Ip(params string[] arguments) => Command.Run("ip", ["-n", Namespace, .. arguments]);

    /// <summary>Runs a program there.</summary>
    public string Run(params string[] command) => Command.Run("ip", ["netns", "exec", Namespace, .. command]);

    public void Dispose()
    {
        Command.TryRun("ip", "link", "delete", Wire);
        Command.TryRun("ip", "netns", "delete", Namespace);
    }
}
