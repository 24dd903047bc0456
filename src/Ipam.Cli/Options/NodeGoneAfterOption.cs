using System.CommandLine;
using Ipam.Core.Stores;

namespace Ipam.Cli.Options;

/// <summary>The option <c>--node-gone-after</c>.</summary>
internal sealed class NodeGoneAfterOption() : SecondsOption(
    "--node-gone-after", 0, 60, 31_536_000, "Count a node as gone, with all its containers, whose ipamd gave no sign for so many seconds while this command watched; 0: never.")
{
    /// <summary>After how long a node counts as gone; null for never.</summary>
    public TimeSpan? OrNever(ParseResult arguments) => Of(arguments) is { Ticks: > 0 } time ? time : null;

    /// <summary>Whether anything can tell that a node is gone.</summary>
    public bool IsTold(ParseResult arguments, IIpamStore store) => store.Cluster is not null || OrNever(arguments) is not null;
}
