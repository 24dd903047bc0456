namespace Ipam.Core.Pools;

/// <summary>A pod that asks for an address. Immutable.</summary>
/// <param name="Namespace">Its namespace; null if the runtime didn't say one.</param>
/// <param name="Name">Its name; null if the runtime didn't say one.</param>
/// <param name="Uid">What the runtime calls it; null if it didn't say.</param>
public sealed record AskingPod(string? Namespace, string? Name = null, string? Uid = null)
{
    /// <summary>Its labels.</summary>
    public KnownLabels Labels { get; init; } = KnownLabels.NotAskedFor;

    /// <summary>Those of its namespace.</summary>
    public KnownLabels NamespaceLabels { get; init; } = KnownLabels.NotAskedFor;

    /// <summary>What to call it in messages.</summary>
    public override string ToString() => Name is null ? "the pod" : $"pod {Namespace}/{Name}";
}

/// <summary>The labels of an object.</summary>
/// <param name="Labels">The labels; null if they aren't known.</param>
/// <param name="WhyNot">Why they aren't known.</param>
public sealed record KnownLabels(IReadOnlyDictionary<string, string>? Labels, string WhyNot = "")
{
    /// <summary>Those that nobody has asked for.</summary>
    public static KnownLabels NotAskedFor { get; } = new(null, "nobody asked for them");
}
