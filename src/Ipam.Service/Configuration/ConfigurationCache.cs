using Cni.Protocol;
using Ipam.Configuration.Reading;

namespace Ipam.Service.Configuration;

/// <summary>
/// Configurations by their bytes. All containers of a network come with the same ones, and to read them costs as much as to find an
/// address. Safe for use by several threads at once.
/// </summary>
/// <param name="files">Has the defaults of configurations that have such.</param>
internal sealed class ConfigurationCache(FlatFiles files)
{
    /// <summary>More networks than one node has; a runtime that adds something of each container's own soon fills any number.</summary>
    private const int Capacity = 64;

    private const int LongestKept = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<ReadOnlyMemory<byte>, PluginConfiguration> _known = new(BytesComparer.Instance);

    /// <summary>
    /// The configuration in <paramref name="bytes"/>, which must not change afterwards, with the defaults that count for it now. Throws <see cref="CniException"/> if it isn't one.
    /// </summary>
    public async Task<PluginConfiguration> GetAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var known = Find(bytes);
        var network = known?.Network ?? NetworkConfiguration.Parse(bytes);
        var defaults = await files.FindAsync(network, cancellationToken);
        if (known is not null && known.Defaults == defaults)
            return known;
        var configuration = new PluginConfiguration(network, defaults);
        if (bytes.Length <= LongestKept)
            Keep(bytes, configuration);
        return configuration;
    }

    private PluginConfiguration? Find(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
            return _known.GetValueOrDefault(bytes);
    }

    private void Keep(ReadOnlyMemory<byte> bytes, PluginConfiguration configuration)
    {
        lock (_lock)
        {
            if (_known.Count == Capacity && !_known.ContainsKey(bytes))
                _known.Clear();
            _known[bytes] = configuration;
        }
    }
}
