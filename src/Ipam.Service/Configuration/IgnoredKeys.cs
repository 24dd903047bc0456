using Ipam.Configuration.Reading;

namespace Ipam.Service.Configuration;

/// <summary>Tells once of each network which of its keys mean nothing here. Safe for use by several threads at once.</summary>
internal sealed class IgnoredKeys(ILogger log)
{
    /// <summary>More networks than a node has.</summary>
    private const int MostKept = 1024;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Network, string Keys)> _told = [];

    /// <summary>Tells of this configuration, unless it was told before.</summary>
    public void TellOf(PluginConfiguration configuration)
    {
        if (configuration.Ipam.Ignored.Count == 0)
            return;
        var (network, keys) = (configuration.Network.Name, string.Join(", ", configuration.Ipam.Ignored));
        lock (_lock)
        {
            if (_told.Count == MostKept || !_told.Add((network, keys)))
                return;
        }
        Log.KeysIgnored(log, network, keys);
    }
}
