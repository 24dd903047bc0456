using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;

namespace Ipam.Cli.Options;

/// <summary>
/// Which store to work on, found as ipamd finds it: a flag beats an environment variable, which beats ipamd's configuration file, which
/// beats the default.
/// </summary>
internal sealed class StoreOptions(CliEnvironment environment)
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

    /// <summary>The store, open. It must exist: nothing is created, unless that is asked for.</summary>
    /// <exception cref="UsageException">The URL or the configuration file can't be used.</exception>
    /// <exception cref="StoreException">The store can't be opened.</exception>
    public async Task<IIpamStore> OpenAsync(ParseResult arguments, CancellationToken cancellationToken, bool mayCreate = false)
    {
        var store = Create(Url(arguments), mayCreate ? environment.CreateNewStore : environment.CreateStore);
        try
        {
            await store.OpenAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static IIpamStore Create(string url, Func<string, IIpamStore> create)
    {
        try
        {
            return create(url);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private string Url(ParseResult arguments) =>
        arguments.GetValue(Store)
        ?? Variable("IPAM_STORE")
        ?? FromFile(arguments, "store")
        ?? Default;

    /// <summary>The name that ipamd has on this machine for its node.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    public string Node(ParseResult arguments) => Variable("IPAM_NODE") ?? FromFile(arguments, "node") ?? Environment.MachineName;

    /// <summary>The folder in which ipamd has releases on this machine.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    public string Spool(ParseResult arguments) => Variable("IPAM_SPOOL") ?? FromFile(arguments, "spool") ?? "/var/lib/ipam/spool";

    private string? FromFile(ParseResult arguments, string key)
    {
        if ((arguments.GetValue(Configuration) ?? Variable("IPAM_CONFIG")) is { } named)
            return ServiceConfiguration.Read(named, key);
        return Path.Exists(environment.ConfigurationFile) ? ServiceConfiguration.Read(environment.ConfigurationFile, key) : null;
    }

    private string? Variable(string name) => environment.Variable(name) is { Length: > 0 } value ? value : null;
}
