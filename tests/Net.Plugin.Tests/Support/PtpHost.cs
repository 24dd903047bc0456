using System.Text;
using System.Text.Json.Nodes;
using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Tests.Support;

/// <summary>
/// A host in a namespace of its own, on which a plugin attaches containers by a network configuration. The IPAM plugin is Debian's
/// host-local unless the test says otherwise; its leases are in a folder of the test.
/// </summary>
internal sealed class PtpHost : IDisposable
{
    private const int TextFileBusy = 26;
    private const int LargestAttempts = 100;

    private readonly List<TestNamespace> _containers = [];
    private readonly TempFolder _folder = new();

    public PtpHost()
    {
        Namespace.Run("sysctl", "-q", "-w", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0");
        Configuration = new JsonObject
        {
            ["cniVersion"] = "1.0.0",
            ["name"] = "mynet",
            ["type"] = "net-ptp",
            ["ipam"] = HostLocal("10.1.2.0/24"),
        };
    }

    /// <summary>The host.</summary>
    public TestNamespace Namespace { get; } = new();

    /// <summary>A folder for files of the test.</summary>
    public string Folder => _folder.Path;

    /// <summary>The network configuration; each call of a plugin gets it as it is then.</summary>
    public JsonObject Configuration { get; }

    /// <summary>The plugin that is run.</summary>
    public string Plugin { get; init; } = Published.Plugin;

    /// <summary>CNI_PATH.</summary>
    public string PluginPath { get; set; } = Programs.CniFolder;

    /// <summary>Environment beside the CNI_* variables.</summary>
    public List<string> Environment { get; } = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"];

    private string LeaseFolder => Path.Combine(Folder, "leases");

    /// <summary>host-local's configuration with one address from each subnet.</summary>
    public JsonObject HostLocal(params string[] subnets) => new()
    {
        ["type"] = "host-local",
        ["dataDir"] = LeaseFolder,
        ["ranges"] = new JsonArray([.. subnets.Select(subnet => new JsonArray(new JsonObject { ["subnet"] = subnet }))]),
    };

    /// <summary>The static IPAM's configuration with these addresses: <c>10.1.2.2/24</c> or <c>10.1.2.2/24 via 10.1.2.1</c>.</summary>
    public static JsonObject Static(params string[] addresses) => new()
    {
        ["type"] = "static",
        ["addresses"] = new JsonArray([.. addresses.Select(address => address.Split(" via ") is [var ip, var gateway]
            ? new JsonObject { ["address"] = ip, ["gateway"] = gateway }
            : new JsonObject { ["address"] = address })]),
    };

    /// <summary>A container's namespace, removed with this host.</summary>
    public TestNamespace NewContainer()
    {
        var container = new TestNamespace();
        _containers.Add(container);
        return container;
    }

    public CniOutcome Add(TestNamespace? container, string interfaceName = "eth0", string? id = null) => Call("ADD", container, interfaceName, id);

    public CniOutcome Del(TestNamespace? container, string interfaceName = "eth0", string? id = null) => Call("DEL", container, interfaceName, id);

    /// <summary>CHECK with the result of an ADD as prevResult.</summary>
    public CniOutcome Check(TestNamespace container, CniOutcome added, string interfaceName = "eth0", string? id = null)
    {
        var configuration = Configuration.DeepClone().AsObject();
        configuration["prevResult"] = JsonNode.Parse(added.Output);
        return Call("CHECK", container, interfaceName, id, configuration.ToJsonString());
    }

    /// <summary>Any verb. The container's id is its namespace's name unless the test gives one.</summary>
    public CniOutcome Call(string verb, TestNamespace? container, string interfaceName = "eth0", string? id = null, string? configuration = null) =>
        Call(Plugin, verb, container?.FilePath ?? "", interfaceName, id ?? container?.Name ?? "nobody", configuration ?? Configuration.ToJsonString());

    public CniOutcome Call(string plugin, string verb, string netns, string interfaceName, string id, string configuration)
    {
        using var child = Start(plugin, verb, netns, interfaceName, id, configuration);
        return Outcome(child.WaitForExit());
    }

    /// <summary>Starts a plugin and doesn't wait for it.</summary>
    public ChildProcess Start(string plugin, string verb, string netns, string interfaceName, string id, string configuration)
    {
        var environment = new EnvironmentBlock(
        [
            .. Environment, $"CNI_COMMAND={verb}", $"CNI_CONTAINERID={id}", $"CNI_NETNS={netns}", $"CNI_IFNAME={interfaceName}", $"CNI_PATH={PluginPath}",
        ]);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Namespace.Namespace.Run(() => ChildProcess.Start(
                    plugin, [plugin], environment.Bytes, Encoding.UTF8.GetBytes(configuration), collectErrors: true));
            }
            catch (SystemCallException e) when ((int)e.Errno == TextFileBusy && attempt < LargestAttempts)
            {
                // A script that was just written: a process that another test starts at this moment still has it open.
                Thread.Sleep(attempt);
            }
        }
    }

    public static CniOutcome Outcome(ChildResult result) =>
        new(result.ExitCode, Encoding.UTF8.GetString(result.Output), Encoding.UTF8.GetString(result.Errors));

    /// <summary>Addresses that host-local has handed out.</summary>
    public string[] Leases() => !Directory.Exists(LeaseFolder)
        ? []
        : [.. Directory.EnumerateFiles(LeaseFolder, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!)
            .Where(name => name != "lock" && !name.StartsWith("last_reserved_ip", StringComparison.Ordinal)).Order()];

    /// <summary>All that an attachment leaves on the host, in text: links, addresses, routes, masquerade rules and leases.</summary>
    public string State() => string.Join('\n',
        [
            Settled("-br link show type veth"), Settled("-br addr"), Namespace.Ip("route show table all"), Namespace.Ip("-6 route show table all"),
            MasqueradeRules(), .. Leases(),
        ]);

    // The kernel says that a link is up a while after it is, on a machine that has much to do.
    private string Settled(string arguments) => Namespace.Ip(arguments).Replace("UNKNOWN", "UP     ", StringComparison.Ordinal);

    /// <summary>The rules that masquerade, of both backends.</summary>
    public string MasqueradeRules() => string.Join('\n', Namespace.Run("nft", "list", "ruleset").Split('\n')
        .Where(line => line.Contains("masquerade", StringComparison.Ordinal) && !line.StartsWith("table", StringComparison.Ordinal)
            || line.Contains("CNI-", StringComparison.Ordinal)));

    public void Dispose()
    {
        foreach (var container in _containers)
            container.Dispose();
        Namespace.Dispose();
        _folder.Dispose();
    }
}
