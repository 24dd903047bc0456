using Cni.Protocol;
using Ipam.Configuration.Reading;

namespace Ipam.Service.Configuration;

/// <summary>
/// Configurations by their bytes. All containers of a network come with the same ones, and to read them costs as much as to find an
/// address. Safe for use by several threads at once.
/// </summary>
internal sealed class ConfigurationCache
{
    /// <summary>More networks than one node has; a runtime that adds something of each container's own soon fills any number.</summary>
    private const int Capacity = 64;

    private const int LongestKept = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<ReadOnlyMemory<byte>, PluginConfiguration> _known = new(BytesComparer.Instance);

    /// <summary>The configuration in <paramref name="bytes"/>, which must not change afterwards. Throws <see cref="CniException"/> if it isn't one.</summary>
    public PluginConfiguration Get(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(bytes, out var known))
                return known;
        }
        var configuration = new PluginConfiguration(NetworkConfiguration.Parse(bytes));
        if (bytes.Length <= LongestKept)
            Keep(bytes, configuration);
        return configuration;
    }

    private void Keep(ReadOnlyMemory<byte> bytes, PluginConfiguration configuration)
    {
        lock (_lock)
        {
            if (_known.Count == Capacity)
                _known.Clear();
            _known[bytes] = configuration;
        }
    }
}
