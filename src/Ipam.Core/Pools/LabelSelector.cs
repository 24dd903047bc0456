namespace Ipam.Core.Pools;

/// <summary>Which objects are meant, by their labels: those that have all of some labels, with these values. Immutable.</summary>
public record LabelSelector
{
    /// <summary>The labels; none for any object.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every object is meant.</summary>
    public virtual bool IsEmpty => Labels.Count == 0;

    /// <summary>Whether an object with these labels is meant.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
}
