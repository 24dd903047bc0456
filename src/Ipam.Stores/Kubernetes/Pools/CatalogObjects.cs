using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>Reads, writes and follows the objects of one kind, and tells a cache what comes of it.</summary>
/// <param name="client">The client.</param>
/// <param name="kind">The kind.</param>
/// <param name="take">Brings news to the cache.</param>
/// <param name="objectsPerPage">Objects asked for in one request of a listing.</param>
internal sealed class CatalogObjects<T>(
    Func<IKubernetesClient> client, CatalogKind<T> kind, Action<Func<CatalogPart<T>, bool>> take, int objectsPerPage)
    where T : class
{
    /// <summary>How often a change is tried while others, such as those who write the status, change the object too.</summary>
    private const int MostTries = 10;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lists all objects into the cache.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var listed = new List<CatalogEntry<T>>();
        var query = new ListQuery { Limit = objectsPerPage };
        while (true)
        {
            using var page = await client().ListAsync(kind.Type, query, cancellationToken);
            if (page.IsExpired)
            {
                // What has been read is too old to be made whole.
                listed.Clear();
                query = query with { Continue = null };
                continue;
            }
            listed.AddRange(page.Items.Select(kind.Entry));
            if (page.Continue is null)
            {
                var version = long.Parse(page.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture);
                take(part => part.Take(listed, version));
                return;
            }
            query = query with { Continue = page.Continue };
        }
    }

    /// <summary>Follows changes from what the cache knows, until the server ends it. Lists first if the cache knows too little.</summary>
    public async Task FollowAsync(Action started, CancellationToken cancellationToken)
    {
        if (KnownUpTo() == 0)
            await RefreshAsync(cancellationToken);
        var from = KnownUpTo().ToString(CultureInfo.InvariantCulture);
        await foreach (var change in client().WatchAsync(kind.Type, from, cancellationToken))
        {
            take(part => part.Take(change));
            if (change.Type == WatchEventType.Started)
                started();
        }
    }

    /// <summary>Creates the object, if <paramref name="version"/> is 0, or replaces its spec if that still has the version.</summary>
    public async Task<bool> PutAsync(string name, long version, T value, CancellationToken cancellationToken)
    {
        if (version == 0)
            return Took(await client().CreateAsync(kind.Type, Write(name, null, value), cancellationToken), value);
        return await ChangeAsync(name, version, async (current, _) =>
        {
            var answer = await client().ReplaceAsync(kind.Type, name, Write(name, current, value), cancellationToken);
            return Took(answer, value) ? true : answer.Outcome == WriteOutcome.Missing ? false : null;
        }, cancellationToken);
    }

    /// <summary>Deletes the object if its spec still has the version.</summary>
    public Task<bool> DeleteAsync(string name, long version, CancellationToken cancellationToken) =>
        ChangeAsync(name, version, async (_, meta) =>
        {
            var answer = await client().DeleteAsync(kind.Type, name, new Preconditions(meta.ResourceVersion, meta.Uid), cancellationToken);
            if (answer.Outcome != WriteOutcome.Written)
                return answer.Outcome == WriteOutcome.Missing ? false : null;
            take(part => part.TakeDeletion(meta));
            return true;
        }, cancellationToken);

    /// <summary>Changes an object whose spec has the version; again while it changes otherwise.</summary>
    private async Task<bool> ChangeAsync(
        string name, long version, Func<JsonElement, ObjectMeta, Task<bool?>> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            using var document = await client().GetAsync(kind.Type, name, cancellationToken);
            if (document is null || ObjectMeta.Of(document.RootElement) is not { } meta || SpecVersion.Of(meta) != version)
                return false;
            if (await change(document.RootElement, meta) is { } done)
                return done;
        }
        throw new StoreException($"the {kind.Kind} {name} was changed by others at each of {MostTries} tries; try again");
    }

    private bool Took(WriteAnswer answer, T value)
    {
        if (answer is not { Outcome: WriteOutcome.Written, Meta: { } meta })
            return false;
        using var document = JsonDocument.Parse(WriteSpec(value));
        var entry = new CatalogEntry<T>(meta, kind.Read(meta, document.RootElement), null);
        take(part => part.Take(entry));
        return true;
    }

    private long KnownUpTo()
    {
        long version = 0;
        take(part =>
        {
            version = part.KnownUpTo;
            return false;
        });
        return version;
    }

    private ReadOnlyMemory<byte> WriteSpec(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
            kind.Write(json, value);
        return buffer.WrittenMemory;
    }

    private ReadOnlyMemory<byte> Write(string name, JsonElement? current, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("apiVersion", kind.Type.ApiVersion);
        json.WriteString("kind", kind.Kind);
        json.WritePropertyName("metadata");
        if (current is { } was)
            WriteMetadata(json, was.GetProperty("metadata"));
        else
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        }
        json.WritePropertyName("spec");
        kind.Write(json, value);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>What the object had: labels and the like that people gave it stay. Noted is the version that the write was made from.</summary>
    private static void WriteMetadata(Utf8JsonWriter json, JsonElement metadata)
    {
        json.WriteStartObject();
        foreach (var property in metadata.EnumerateObject())
        {
            if (property.Name != "annotations")
                property.WriteTo(json);
        }
        json.WriteStartObject("annotations");
        json.WriteString(ObjectMeta.WrittenAnnotation, metadata.GetProperty("resourceVersion").GetString());
        if (metadata.TryGetProperty("annotations", out var annotations))
        {
            foreach (var annotation in annotations.EnumerateObject())
            {
                if (annotation.Name != ObjectMeta.WrittenAnnotation)
                    annotation.WriteTo(json);
            }
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
