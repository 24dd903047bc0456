using System.Globalization;
using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>What the server says about an object as such.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its identity: another one if the object is deleted and created anew.</param>
/// <param name="ResourceVersion">Its version, another one after every change.</param>
/// <param name="Generation">Grows with every change of its spec.</param>
/// <param name="CreatedAt">When it was created; whole seconds.</param>
/// <param name="Written">What we noted with <see cref="WrittenAnnotation"/>; empty for nothing.</param>
internal sealed record ObjectMeta(string Name, string Uid, long ResourceVersion, long Generation, DateTimeOffset CreatedAt, string Written)
{
    /// <summary>The annotation by which a write that changes nothing else is a change all the same.</summary>
    public const string WrittenAnnotation = "ipamsuite.dev/written";

    /// <summary>The finalizer by which the deletion of an object waits.</summary>
    public const string GuardFinalizer = "ipamsuite.dev/leases";

    /// <summary>Whether it has <see cref="GuardFinalizer"/>.</summary>
    public bool IsGuarded { get; private init; }

    /// <summary>Whether it was deleted, and is there until its finalizers are taken off.</summary>
    public bool IsBeingDeleted { get; private init; }

    /// <summary>Reads the metadata of an object. The reader stands at its beginning, and afterwards at its end.</summary>
    /// <exception cref="InvalidDataException">It is no object of the API.</exception>
    public static ObjectMeta Read(ref Utf8JsonReader json)
    {
        ObjectMeta? meta = null;
        while (json.NextProperty())
        {
            if (!json.Is("metadata"u8))
                json.Skip();
            else if (json.BeginsObject())
                meta = ReadMetadata(ref json);
        }
        return meta ?? throw new InvalidDataException("an object without metadata");
    }

    /// <summary>A resourceVersion as the number that it is.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static long Number(string resourceVersion, string name) =>
        long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"the resourceVersion of {name} is '{resourceVersion}', not a number");

    private static ObjectMeta ReadMetadata(ref Utf8JsonReader json)
    {
        string name = "", uid = "", written = "", version = "";
        var generation = 0L;
        bool isGuarded = false, isBeingDeleted = false;
        DateTimeOffset createdAt = default;
        while (json.NextProperty())
        {
            if (json.Is("name"u8))
                name = json.Text();
            else if (json.Is("uid"u8))
                uid = json.Text();
            else if (json.Is("resourceVersion"u8))
                version = json.Text();
            else if (json.Is("generation"u8))
                generation = json.Number();
            else if (json.Is("creationTimestamp"u8))
                createdAt = json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var time) ? time : default;
            else if (json.Is("deletionTimestamp"u8))
                isBeingDeleted = json.TokenType == JsonTokenType.String;
            else if (json.Is("finalizers"u8))
                isGuarded = json.BeginsArray() && ReadGuarded(ref json);
            else if (json.Is("annotations"u8))
                written = json.BeginsObject() ? ReadWritten(ref json) : "";
            else
                json.Skip();
        }
        return new ObjectMeta(name, uid, Number(version, name), generation, createdAt, written) { IsGuarded = isGuarded, IsBeingDeleted = isBeingDeleted };
    }

    private static bool ReadGuarded(ref Utf8JsonReader json)
    {
        var isGuarded = false;
        while (json.NextItem())
            isGuarded |= json.TokenType == JsonTokenType.String && json.ValueTextEquals(GuardFinalizer);
        return isGuarded;
    }

    private static string ReadWritten(ref Utf8JsonReader json)
    {
        var written = "";
        while (json.NextProperty())
        {
            if (json.ValueTextEquals(WrittenAnnotation) && json.Read())
                written = json.Text();
            else
                json.Skip();
        }
        return written;
    }
}
