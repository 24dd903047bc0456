using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>How pools, or reservations, are kept as objects.</summary>
/// <param name="Type">The kind of object.</param>
/// <param name="Kind">Its name.</param>
/// <param name="Read">Makes the value of a spec.</param>
/// <param name="Write">Writes a value as a spec.</param>
internal sealed record CatalogKind<T>(
    ResourceType Type, string Kind, Func<ObjectMeta, JsonElement, T> Read, Action<Utf8JsonWriter, T> Write)
    where T : class
{
    /// <summary>The entry of an object.</summary>
    /// <exception cref="InvalidDataException">It is no object of the API.</exception>
    public CatalogEntry<T> Entry(JsonElement item)
    {
        var meta = ObjectMeta.Of(item);
        try
        {
            return new CatalogEntry<T>(meta, Read(meta, item.GetProperty("spec")), null);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return new CatalogEntry<T>(meta, null, e.Message);
        }
    }
}
