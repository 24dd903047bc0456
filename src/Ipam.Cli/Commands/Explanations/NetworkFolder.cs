using System.Text.Json;
using Ipam.Cli.Commands.Installation;
using Ipam.Configuration.Explanations;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Explanations;

/// <summary>Reads network configurations where a runtime reads them.</summary>
internal static class NetworkFolder
{
    /// <summary>Those of a folder that use <c>ipam</c>, in the order in which a runtime looks at them. What no runtime could use is passed over.</summary>
    public static IEnumerable<NetworkFile> In(string folder)
    {
        foreach (var name in Conflist.NamesIn(folder))
        {
            NetworkFile? file = null;
            try
            {
                file = Read(Path.Combine(folder, name));
            }
            catch (UsageException)
            {
                // A runtime passes it over as well; 'install-cni' says what is wrong with it.
            }
            if (file is not null)
                yield return file;
        }
    }

    /// <summary>Reads one; null if no plugin in it uses <c>ipam</c>.</summary>
    /// <exception cref="UsageException">It can't be read, or no runtime could use it.</exception>
    public static NetworkFile? Read(string path)
    {
        using var json = JsonDocument.Parse(Conflist.Read(path).Content);
        return NetworkFile.Of(path, json.RootElement);
    }
}
