using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Leases;

/// <summary>The options that choose leases; those given must all hold.</summary>
internal sealed class LeaseFilterOptions
{
    private readonly Option<string> _network = Named("--network", "Only leases of this network.", "NAME");
    private readonly Option<string> _node = Named("--node", "Only leases of containers on this node.", "NAME");
    private readonly Option<string> _namespace = Named("--namespace", "Only leases of pods in this namespace.", "NAME", "-n");
    private readonly Option<string> _pod = Named("--pod", "Only leases of the pods of this name.", "[NAMESPACE/]NAME");
    private readonly Option<string> _container = Named("--container", "Only leases of containers whose id begins so.", "ID");

    private readonly AgeOption _olderThan = new("--older-than", "Only leases that were handed out so long ago or longer, by this machine's clock.");

    public IReadOnlyList<Option> All => [_network, _node, _namespace, _pod, _container, _olderThan];

    /// <summary>What the arguments ask of a lease now.</summary>
    public LeaseFilter Of(ParseResult arguments, DateTimeOffset now) => new()
    {
        Network = arguments.GetValue(_network),
        Node = arguments.GetValue(_node),
        Namespace = arguments.GetValue(_namespace),
        Pod = arguments.GetValue(_pod),
        Container = arguments.GetValue(_container),
        AcquiredBy = now - _olderThan.Of(arguments),
    };

    private static Option<string> Named(string name, string description, string value, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = value };
}
