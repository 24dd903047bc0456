using System.CommandLine;

namespace IpamSuite.Shared;

/// <summary>
/// Which store to work on, found as ipamd finds it: a flag beats an environment variable, which beats ipamd's configuration file, which
/// beats the default.
/// </summary>
/// <param name="variable">The value of an environment variable, or null.</param>
/// <param name="usualFile">The configuration file to read if no other is named; need not be there.</param>
internal class StoreAddress(Func<string, string?> variable, string usualFile)
{
    private const string Default = "sqlite:/var/lib/ipam/ipam.db";

    public Option<string> Store { get; } = new("--store")
    {
        Description = $"The store to work on: sqlite:PATH, redis://HOST:PORT/DB or kubernetes:[KUBECONFIG]. [otherwise: IPAM_STORE, then \"store\" of the configuration file, then {Default}]",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string> Configuration { get; } = new("--config")
    {
        Description = "ipamd's configuration file. [otherwise: IPAM_CONFIG, then /etc/ipam/ipamd.json if it is there]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The URL of the store.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    public string Url(ParseResult arguments) =>
        arguments.GetValue(Store)
        ?? Variable("IPAM_STORE")
        ?? FromFile(arguments, "store")
        ?? Default;

    /// <summary>The name that ipamd is told on this machine for its node; null if it is told none.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    protected string? NamedNode(ParseResult arguments) => Variable("IPAM_NODE") ?? FromFile(arguments, "node");

    /// <summary>The folder in which ipamd has releases on this machine.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    public string Spool(ParseResult arguments) => Variable("IPAM_SPOOL") ?? FromFile(arguments, "spool") ?? "/var/lib/ipam/spool";

    private string? FromFile(ParseResult arguments, string key)
    {
        if ((arguments.GetValue(Configuration) ?? Variable("IPAM_CONFIG")) is { } named)
            return ServiceConfiguration.Read(named, key);
        return Path.Exists(usualFile) ? ServiceConfiguration.Read(usualFile, key) : null;
    }

    private string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;
}
