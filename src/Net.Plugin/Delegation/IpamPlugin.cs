using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Delegation;

/// <summary>The network's IPAM plugin, which is given this plugin's own environment and configuration.</summary>
/// <param name="request">This plugin's request.</param>
/// <param name="timeout">How long it may take for one verb; then it is killed.</param>
/// <param name="claim">What the IPAM plugin is to hold while it runs, should this plugin be killed meanwhile.</param>
internal sealed class IpamPlugin(PluginRequest request, TimeSpan timeout, FileDescriptor? claim = null)
{
    /// <summary>Where the configuration names it. Without a name every verb reports that.</summary>
    public static readonly ConfigurationKey TypeKey = new("ipam", "type");

    private readonly string? _type = request.Head.Text(TypeKey);

    /// <summary>Gets addresses; returns what the plugin printed.</summary>
    /// <param name="meanwhile">Done once the plugin has been started, while it works; it must not throw.</param>
    /// <param name="answered">
    /// Done with what it printed once that is whole, while it ends; it must not throw. What it does is for nothing if this throws.
    /// </param>
    /// <exception cref="CniException">What the plugin reported, or that it can't be run.</exception>
    public ReadOnlyMemory<byte> Add(Action meanwhile, Action<ReadOnlyMemory<byte>> answered) =>
        Run(CniCommand.Add, new SpawningRunner(CniCommand.Add, timeout, meanwhile, answered, claim));

    /// <summary>Any other verb, none of which answers anything.</summary>
    /// <param name="command">The verb.</param>
    /// <exception cref="CniException">What the plugin reported, or that it can't be run.</exception>
    public void Run(CniCommand command) => Run(command, new SpawningRunner(command, timeout, meanwhile: null, answered: null, claim));

    private ReadOnlyMemory<byte> Run(CniCommand command, SpawningRunner runner)
    {
        if (string.IsNullOrEmpty(_type))
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig, "ipam.type is missing in the configuration",
                "net-ptp gets its addresses from an IPAM plugin: set ipam.type to its name, such as \"ipam\" or \"host-local\"");
        }
        return PluginDelegate.ForProcess(runner, Step.Run("read the environment", ProgramEnvironment.Read)).Run(_type, command, request.Stdin);
    }
}
