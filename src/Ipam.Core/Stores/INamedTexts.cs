namespace Ipam.Core.Stores;

/// <summary>
/// Texts by name, each written by compare-and-swap. Members may be called from several threads at once, and throw as those of <see cref="IIpamStore"/>.
/// </summary>
public interface INamedTexts
{
    /// <summary>The text of a name; null if there is none. As it is now, from the source of truth and not from a cache.</summary>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a text if the present one is <paramref name="expected"/>; null stands for none. Durable when it returns.</summary>
    /// <returns>False if there is another one, or none. Nothing is then written.</returns>
    Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken);

    /// <summary>All texts, by name.</summary>
    Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken);
}
