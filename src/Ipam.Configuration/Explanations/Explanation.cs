using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Explanations;

/// <summary>Why somebody has an address, or gets none.</summary>
/// <param name="Subject">Who.</param>
/// <param name="Network">The network; empty if no configuration is known.</param>
/// <param name="Configuration">Where the configuration is; empty if none is known.</param>
/// <param name="Space">The address space; empty if the configuration can't be used.</param>
/// <param name="Answer">What an ADD would be answered now, in words.</param>
/// <param name="ErrorCode">The code of that if it is an error; null if it is none.</param>
/// <param name="Rows">The ranges.</param>
public sealed record Explanation(Subject Subject, string Network, string Configuration, string Space, string Answer, int? ErrorCode, IReadOnlyList<RangeRow> Rows)
{
    /// <summary>The pools that it is about, in order of preference.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>What names these pools, where pods may choose some by an annotation; null where they may not.</summary>
    public string? PoolsFrom { get; init; }

    /// <summary>Whose the addresses are for longer than the container lives, and which are kept for him; null for nobody.</summary>
    public string? Sticky { get; init; }

    /// <summary>What keeps ipamd from answering at all.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether there is something to mend.</summary>
    public bool IsRefused => ErrorCode is not null || Problems.Count > 0;
}

/// <summary>Who asks for an address.</summary>
/// <param name="Pod">The pod, as <c>namespace/name</c>; empty if it isn't about one.</param>
/// <param name="Asking">The pod as pools see it; null stands for any.</param>
/// <param name="Container">The container; empty if it isn't known.</param>
/// <param name="Node">The node; empty if it isn't known.</param>
/// <param name="Held">What it holds.</param>
public sealed record Subject(string Pod, AskingPod? Asking, string Container, string Node, IReadOnlyList<Lease> Held);
