namespace Cni.Protocol;

/// <summary>
/// What a plugin does for each verb. Called at most once per process, on the thread that runs <see cref="PluginHost.Run"/>, after
/// the request was checked. A verb returns the bytes for stdout (empty for none) or throws; a <see cref="CniException"/> keeps its
/// code, anything else becomes code 999.
/// </summary>
public interface ICniPlugin
{
    /// <summary>One line that says what this program is; printed on stderr when it is started by hand.</summary>
    string About { get; }

    /// <summary>Texts of the configuration to have in <see cref="PluginRequest.Head"/>.</summary>
    ReadOnlySpan<ConfigurationKey> Keys => [];

    /// <summary>ADD; returns the result in the version of <see cref="PluginRequest.Version"/>.</summary>
    ReadOnlyMemory<byte> Add(PluginRequest request);

    /// <summary>DEL; must succeed when there is nothing to do.</summary>
    ReadOnlyMemory<byte> Del(PluginRequest request);

    /// <summary>CHECK.</summary>
    ReadOnlyMemory<byte> Check(PluginRequest request);

    /// <summary>STATUS; there is no attachment in the environment.</summary>
    ReadOnlyMemory<byte> Status(PluginRequest request);

    /// <summary>GC; there is no attachment in the environment.</summary>
    ReadOnlyMemory<byte> Gc(PluginRequest request);
}
