using System.Text.Json;
using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Delegation;

/// <summary>The network's IPAM plugin, which is given this plugin's own environment and configuration.</summary>
internal sealed class IpamPlugin
{
    private const string Key = "ipam";

    /// <summary>Where the configuration names it. Without a name every verb reports that.</summary>
    public static readonly ConfigurationKey TypeKey = new(Key, "type");

    private readonly PluginRequest _request;
    private readonly TimeSpan _timeout;
    private readonly FileDescriptor? _claim;
    private readonly string? _type;

    private IpamPlugin(PluginRequest request, TimeSpan timeout, FileDescriptor? claim) =>
        (_request, _timeout, _claim, _type) = (request, timeout, claim, request.Head.Text(TypeKey));

    /// <summary>The one that the configuration names; null if its containers get no addresses, see <see cref="IsWanted"/>.</summary>
    /// <param name="request">This plugin's request.</param>
    /// <param name="timeout">How long it may take for one verb; then it is killed.</param>
    /// <param name="claim">What the IPAM plugin is to hold while it runs, should this plugin be killed meanwhile.</param>
    public static IpamPlugin? Of(PluginRequest request, TimeSpan timeout, FileDescriptor? claim = null) =>
        IsWanted(request) ? new IpamPlugin(request, timeout, claim) : null;

    /// <summary>
    /// Whether containers get addresses. They get none if <c>ipam</c> is absent or empty; the reference's bridge reads it so too. With other keys in
    /// it, a missing type is a mistake.
    /// </summary>
    public static bool IsWanted(PluginRequest request) =>
        !string.IsNullOrEmpty(request.Head.Text(TypeKey))
        || (request.ReadConfiguration().Root.TryGetKey(Key, out var ipam) && (ipam.ValueKind != JsonValueKind.Object || ipam.GetPropertyCount() > 0));

    /// <summary>Gets addresses; returns what the plugin printed.</summary>
    /// <param name="meanwhile">Done once the plugin has been started, while it works; it must not throw.</param>
    /// <param name="answered">
    /// Done with what it printed once that is whole, while it ends; it must not throw. What it does is for nothing if this throws.
    /// </param>
    /// <exception cref="CniException">What the plugin reported, or that it can't be run.</exception>
    public ReadOnlyMemory<byte> Add(Action meanwhile, Action<ReadOnlyMemory<byte>> answered) =>
        Run(CniCommand.Add, new SpawningRunner(CniCommand.Add, _timeout, meanwhile, answered, _claim));

    /// <summary>Any other verb, none of which answers anything.</summary>
    /// <param name="command">The verb.</param>
    /// <exception cref="CniException">What the plugin reported, or that it can't be run.</exception>
    public void Run(CniCommand command) => Run(command, new SpawningRunner(command, _timeout, meanwhile: null, answered: null, _claim));

    private ReadOnlyMemory<byte> Run(CniCommand command, SpawningRunner runner)
    {
        if (string.IsNullOrEmpty(_type))
        {
            throw new CniException(
                CniErrorCode.InvalidNetworkConfig, "ipam.type is missing in the configuration",
                "net-ptp gets its addresses from an IPAM plugin: set ipam.type to its name, such as \"ipam\" or \"host-local\"; without ipam containers get none");
        }
        return PluginDelegate.ForProcess(runner, Step.Run("read the environment", ProgramEnvironment.Read)).Run(_type, command, _request.Stdin);
    }
}
