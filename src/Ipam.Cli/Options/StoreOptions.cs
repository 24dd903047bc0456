using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Options;

/// <summary>The store that ipamctl works on.</summary>
internal sealed class StoreOptions(CliEnvironment environment) : StoreAddress(environment.Variable, environment.ConfigurationFile)
{
    /// <summary>The name that ipamd has on this machine for its node.</summary>
    /// <exception cref="UsageException">The configuration file can't be used.</exception>
    public string Node(ParseResult arguments) => NamedNode(arguments) ?? Environment.MachineName;

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
}
