using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>A kind of object, and how its objects are read and written.</summary>
internal abstract class Kind<T>(string group, string version, string plural, string? space = null) : Resource(group, version, plural, space)
{
    /// <summary>Reads an object. The reader stands at its beginning, and afterwards at its end.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is no object of the API.</exception>
    /// <exception cref="Core.Stores.StoreException">It says what makes no sense.</exception>
    public abstract T Read(ref Utf8JsonReader json);

    /// <summary>Writes an object, with the resourceVersion that it is to replace, if any.</summary>
    public virtual void Write(Utf8JsonWriter json, T value) => throw new InvalidOperationException($"{this} are only read");
}
