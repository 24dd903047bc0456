using EndToEnd.Support;

namespace EndToEnd.Whereabouts;

/// <summary>A network whose configurations are written for Whereabouts, and the published plugin under the name that they call.</summary>
/// <param name="site">Where ipamd is.</param>
/// <param name="plugin">The name: <c>ipam</c> where the type was changed, <c>whereabouts</c> where nothing was.</param>
internal sealed class WhereaboutsNetwork(Site site, string plugin = "whereabouts") : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Name { get; init; } = "wa";

    /// <summary>ADD for an attachment of a container. Its addresses, each with prefix length and gateway.</summary>
    public string Add(string ipam, string container, string interfaceName = "net1", string? args = null) =>
        Sentence(Call("ADD", ipam, container, interfaceName, args).EnsureSuccess());

    /// <summary>The same for a pod's sandbox with its network namespace.</summary>
    public string Add(string ipam, string container, string pod, NetworkNamespace sandbox) =>
        Sentence(Call("ADD", ipam, container, "net1", ArgsOf(pod), sandbox.Path).EnsureSuccess());

    public void Del(string ipam, string container, string interfaceName = "net1", string? args = null) =>
        Call("DEL", ipam, container, interfaceName, args).EnsureSuccess();

    /// <summary>Any verb for an attachment.</summary>
    public CniOutcome Call(string command, string ipam, string container, string interfaceName = "net1", string? args = null, string? sandbox = null)
    {
        var path = _folder.Combine(plugin);
        if (!File.Exists(path))
            File.CreateSymbolicLink(path, Repository.Ipam);
        var call = new CniCall(command) { ContainerId = container, IfName = interfaceName, Args = args, Stdin = Json(ipam) };
        return CniPlugin.Run(path, sandbox is null ? call : call with { NetNs = sandbox });
    }

    /// <summary>As kubelet's runtimes say which pod it is.</summary>
    public static string ArgsOf(string pod) => $"IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME={pod};K8S_POD_UID={pod}-uid";

    public void Dispose() => _folder.Dispose();

    /// <summary>Where ipamd is, a test has to say; nothing else is added.</summary>
    private string Json(string ipam) => $$"""
        {
          "cniVersion": "1.1.0", "name": "{{Name}}", "type": "macvlan", "master": "eth0", "mode": "bridge",
          "ipam": { "type": "{{plugin}}", {{ipam}}, "socket": "{{site.Socket}}", "spool": "{{site.Spool}}", "wait": 0 }
        }
        """;

    private static string Sentence(CniOutcome outcome) =>
        string.Join(' ', JsonText.Parse(outcome.Stdout).GetProperty("ips").EnumerateArray()
            .Select(static ip => ip.GetProperty("address").GetString() + (ip.TryGetProperty("gateway", out var gateway) ? $"^{gateway.GetString()}" : "")));
}
