using System.CommandLine;
using System.Globalization;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.Imports;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary><c>ipamctl import running</c>.</summary>
internal sealed class RunningImportCommand : ImportVerb
{
    private readonly Option<bool> _machine = new("--machine") { Description = "Look at this machine's network namespaces, also where the store belongs to a cluster." };
    private readonly Option<string[]> _namespaces = new("--namespaces")
    {
        Description = "A folder with files of network namespaces; may be given several times. [otherwise: /run/netns, /run/docker/netns, and the namespaces of all processes]",
        HelpName = "DIR",
    };

    private readonly Option<string> _results = new("--cni-results") { Description = "Where the runtime's libcni keeps results, which say who has an address. [otherwise: /var/lib/cni/results]", HelpName = "DIR" };
    private readonly Option<string> _node = ImportOptions.Node();

    public RunningImportCommand(CliEnvironment environment, StoreOptions store)
        : base(
            environment, store, "running",
            "Takes over the addresses of what runs: of the cluster's pods, or those inside this machine's network namespaces. Each for itself, and only those that lie in pools.",
            OutsidePoolsPolicy.Leave)
    {
        Add(_machine);
        Add(_namespaces);
        Add(_results);
        Add(_node);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl import running --dry-run", "ipamctl import running --machine --node worker-3"];

    protected override bool IsEachForItself => true;

    protected override async Task<IReadOnlyList<FoundAddress>> ReadAsync(ParseResult arguments, IIpamStore store, CancellationToken cancellationToken)
    {
        var folders = arguments.GetValue(_namespaces) is { Length: > 0 } named ? named : null;
        if (store.Cluster is { } cluster && !arguments.GetValue(_machine) && folders is null)
            return [.. (await cluster.ListPodsAsync(cancellationToken)).Where(static pod => !pod.HasEnded).SelectMany(OfPod)];
        var results = CniResults.Read(arguments.GetValue(_results) ?? "/var/lib/cni/results", Environment.Note);
        var node = arguments.GetValue(_node) ?? NodeHere(arguments);
        return [.. (await new MachineAddresses(folders).ReadAsync(cancellationToken)).Select(found => OfMachine(found, results, node))];
    }

    private static IEnumerable<FoundAddress> OfPod(ClusterPod pod) => pod.Addresses.Order().Select((address, i) => new FoundAddress
    {
        Where = $"pod {pod.Namespace}/{pod.Name}",
        Network = "pods",
        Address = address,
        // Which sandbox the pod has, the cluster doesn't say.
        Owner = ImportedOwner.Of("running", $"pod:{pod.Uids[0]}", "eth0"),
        Entry = i,
        Node = pod.Node,
        Pod = new PodReference(pod.Namespace, pod.Name, pod.Uids[0]),
        OtherPodUids = [.. pod.Uids.Skip(1)],
    });

    private static FoundAddress OfMachine(MachineAddress found, CniResults results, string node)
    {
        var attachment = found.Address is { } address ? results.Of(address, found.Interface, path => IsNamespace(path, found.Identity)) : null;
        return new FoundAddress
        {
            Where = found.Path,
            Network = "running",
            Address = found.Address,
            Owner = attachment?.Owner ?? ImportedOwner.Of("running", string.Create(CultureInfo.InvariantCulture, $"net:[{found.Identity.Inode}]"), found.Interface),
            Node = node,
            Pod = attachment?.Pod,
            NetworkNamespace = found.Path,
            NamespaceIdentity = found.Identity,
            Flaw = found.Flaw,
        };
    }

    private static bool IsNamespace(string path, NamespaceIdentity identity)
    {
        try
        {
            return UnixFile.TryStat(path, followLink: true)?.Inode == identity.Inode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
