namespace Ipam.Core.Pools;

/// <summary>Which objects are meant, by their labels: those that have all of some labels, with these values. Immutable.</summary>
public record LabelSelector
{
    /// <summary>The labels; none for any object.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every object is meant.</summary>
    public virtual bool IsEmpty => Labels.Count == 0;

    /// <summary>The labels, for people.</summary>
    public string LabelText => string.Join(", ", Labels.Select(static label => $"{label.Key}={label.Value}"));

    /// <summary>Whether an object with these labels is meant.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => Labels.All(wanted => Has(labels, wanted));

    /// <summary>What an object that isn't meant has in place of the labels, for people.</summary>
    public string FoundInPlace(IReadOnlyDictionary<string, string> labels) => string.Join(
        " and ",
        Labels.Where(wanted => !Has(labels, wanted)).Select(wanted => labels.TryGetValue(wanted.Key, out var value) ? $"{wanted.Key}={value}" : $"no {wanted.Key}"));

    private static bool Has(IReadOnlyDictionary<string, string> labels, KeyValuePair<string, string> wanted) =>
        labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value;
}
