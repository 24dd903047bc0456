namespace EndToEnd.Support;

/// <summary>A place of one's own for a service: socket, spool and database in a temporary folder. Not the service itself.</summary>
internal sealed class Site : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Site? _sharesDatabaseOf;
    private readonly string? _store;

    /// <summary>A place with a database of its own or another site's, or with a store elsewhere.</summary>
    public Site(Site? sharesDatabaseOf = null, string? store = null) => (_sharesDatabaseOf, _store) = (sharesDatabaseOf, store);

    public string Socket => PathOf("run/ipamd.sock");

    public string Spool => PathOf("spool");

    /// <summary>Whether no release waits in the spool.</summary>
    public bool IsSpoolEmpty => !Directory.Exists(Spool) || Directory.GetFiles(Spool, "*.json").Length == 0;

    public string Database => _sharesDatabaseOf?.Database ?? PathOf("ipam.db");

    public string Store => _store ?? $"sqlite:{Database}";

    public string PathOf(string name) => _folder.Combine(name);

    /// <summary>Writes a file; returns its path.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    public CniOutcome Add(NetworkConfig config, string container = "c1", string? args = null) => Call("ADD", config, container, args);

    public CniOutcome Check(NetworkConfig config, string container = "c1") => Call("CHECK", config, container);

    public CniOutcome Del(NetworkConfig config, string container = "c1") => Call("DEL", config, container);

    /// <summary>Calls STATUS or GC, with the variables about an attachment there and empty, as libcni has them.</summary>
    public CniOutcome CallForNetwork(string command, NetworkConfig config) =>
        CniPlugin.Run(new CniCall(command) { ContainerId = "", NetNs = "", IfName = "", Args = "", Stdin = config.Json(this) });

    public void Dispose() => _folder.Dispose();

    private CniOutcome Call(string command, NetworkConfig config, string container, string? args = null) =>
        CniPlugin.Run(new CniCall(command) { ContainerId = container, Args = args, Stdin = config.Json(this) });
}
