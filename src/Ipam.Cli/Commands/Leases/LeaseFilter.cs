using System.CommandLine;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Leases;

/// <summary>The options that choose leases; those given must all hold. Names are compared exactly.</summary>
internal sealed class LeaseFilter
{
    private readonly Option<string> _network = Named("--network", "Only leases of this network.", "NAME");
    private readonly Option<string> _node = Named("--node", "Only leases of containers on this node.", "NAME");
    private readonly Option<string> _namespace = Named("--namespace", "Only leases of pods in this namespace.", "NAME");
    private readonly Option<string> _pod = Named("--pod", "Only leases of the pods of this name.", "[NAMESPACE/]NAME");
    private readonly Option<string> _container = Named("--container", "Only leases of containers whose id begins so.", "ID");

    public IReadOnlyList<Option> Options => [_network, _node, _namespace, _pod, _container];

    /// <summary>What the arguments ask of a lease.</summary>
    public Func<Lease, bool> Of(ParseResult arguments)
    {
        var network = arguments.GetValue(_network);
        var node = arguments.GetValue(_node);
        var @namespace = arguments.GetValue(_namespace);
        var pod = arguments.GetValue(_pod);
        var container = arguments.GetValue(_container);
        return lease =>
            (network is null || lease.Owner.Network == network)
            && (node is null || lease.Node == node)
            && (@namespace is null || lease.Pod?.Namespace == @namespace)
            && (pod is null || (lease.Pod is not null && IsNamed(lease.Pod, pod)))
            && (container is null || lease.Owner.ContainerId.StartsWith(container, StringComparison.Ordinal));
    }

    private static bool IsNamed(PodReference pod, string text) =>
        text.Contains('/', StringComparison.Ordinal) ? $"{pod.Namespace}/{pod.Name}" == text : pod.Name == text;

    private static Option<string> Named(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
