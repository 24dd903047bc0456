using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>
/// Keeps IPPools with leases by a finalizer (kubernetes.io, "Finalizers"): the API server marks a deleted object that has one, and keeps it until
/// the finalizer is taken off.
/// </summary>
internal sealed class PoolFinalizer(Func<IKubernetesClient> client, CatalogCache cache) : IPoolGuard
{
    /// <inheritdoc/>
    public async Task GuardAsync(IReadOnlySet<string> inUse, CancellationToken cancellationToken)
    {
        foreach (var (meta, metadata) in cache.PoolObjects())
        {
            var isInUse = inUse.Contains(meta.Name);
            // A finalizer can't be given to what is being deleted; the API server refuses.
            if (isInUse == meta.IsGuarded || (isInUse && meta.IsBeingDeleted) || metadata is not { } known)
                continue;
            // If somebody else was faster, the watch tells, and the next call sees it.
            await client().PatchAsync(CatalogKinds.Pools, meta.Name, Patch(meta, known, isInUse), cancellationToken);
        }
    }

    /// <summary>What takes the finalizer off an object that still is as <paramref name="meta"/> says.</summary>
    public static ReadOnlyMemory<byte> Without(ObjectMeta meta, JsonElement metadata) => Patch(meta, metadata, false);

    private static ReadOnlyMemory<byte> Patch(ObjectMeta meta, JsonElement metadata, bool isGuarded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteString("resourceVersion", meta.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("finalizers");
        if (metadata.TryGetProperty("finalizers", out var finalizers))
        {
            foreach (var finalizer in finalizers.EnumerateArray())
            {
                if (!finalizer.ValueEquals(ObjectMeta.GuardFinalizer))
                    finalizer.WriteTo(json);
            }
        }
        if (isGuarded)
            json.WriteStringValue(ObjectMeta.GuardFinalizer);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
