using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>A pool or a reservation as last heard of.</summary>
/// <param name="Meta">The object's metadata.</param>
/// <param name="Value">What it says; null if that makes no sense.</param>
/// <param name="Problem">Why it makes no sense; null if it does.</param>
internal sealed record CatalogEntry<T>(ObjectMeta Meta, T? Value, string? Problem)
    where T : class
{
    /// <summary>Whether this and <paramref name="other"/> say the same.</summary>
    public bool SaysSameAs(CatalogEntry<T> other) => SpecVersion.Of(Meta) == SpecVersion.Of(other.Meta);
}
