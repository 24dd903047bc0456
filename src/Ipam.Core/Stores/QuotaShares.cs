using System.Globalization;

namespace Ipam.Core.Stores;

/// <summary>
/// How much of a quota each node may hold. A node takes a share before it hands an address out, and gives it back when the lease has ended; so the leases are never more than the shares. Immutable.
/// </summary>
public sealed class QuotaShares
{
    private readonly SortedDictionary<string, long> _shares;

    private QuotaShares(SortedDictionary<string, long> shares) => _shares = shares;

    /// <summary>Nobody's.</summary>
    public static QuotaShares None { get; } = new(new SortedDictionary<string, long>(StringComparer.Ordinal));

    /// <summary>The nodes that have a share.</summary>
    public IReadOnlyCollection<string> Nodes => _shares.Keys;

    /// <summary>All shares together.</summary>
    public long Total => _shares.Values.Sum();

    /// <summary>The share of a node; of none those that no node answers for.</summary>
    public long Of(string node) => _shares.GetValueOrDefault(node);

    /// <summary>The same with another share of a node.</summary>
    public QuotaShares With(string node, long share)
    {
        var shares = new SortedDictionary<string, long>(_shares, StringComparer.Ordinal) { [node] = share };
        if (share == 0)
            shares.Remove(node);
        return new QuotaShares(shares);
    }

    /// <summary>The text for the store: a line for each node, and before them one that no other text has, so that a write that comes late finds another text than it expects.</summary>
    public string ToText() =>
        string.Join('\n', [Guid.NewGuid().ToString("n"), .. _shares.Select(static share => string.Create(CultureInfo.InvariantCulture, $"{share.Value} {share.Key}"))]);

    /// <summary>Reads a text of the store; null stands for none.</summary>
    /// <param name="name">The name of the text, for the message.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="StoreException">It is no such text.</exception>
    public static QuotaShares Read(string name, string? text)
    {
        if (text is null)
            return None;
        var shares = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Skip(1))
        {
            if (line.Split(' ', 2) is not [var number, var node] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var share) || !shares.TryAdd(node, share))
                throw new StoreException($"the store says of quota {name}, which nodes hold how much of it, \"{line}\", and wanted is a number and a node in each line; take the pool's notes of quotas out of the store, then disable and enable the pool: they are counted anew") { IsPermanent = true };
        }
        return new QuotaShares(shares);
    }
}
