using System.Buffers;
using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Pools;

/// <summary>Writes how full pools are into their status, which <c>kubectl get ippools</c> shows.</summary>
internal sealed class PoolStatus(Func<IKubernetesClient> client) : IPoolStatusStore
{
    /// <inheritdoc/>
    public async Task PublishAsync(IReadOnlyList<PoolUsage> usage, CancellationToken cancellationToken)
    {
        foreach (var pool in usage)
            await client().PatchStatusAsync(CatalogKinds.Pools, pool.Pool, Write(pool), cancellationToken);
    }

    private static ReadOnlyMemory<byte> Write(PoolUsage pool)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("status");
        json.WriteString("ranges", pool.Ranges);
        json.WriteNumber("used", pool.Used);
        json.WriteString("usedByFamily", pool.UsedText);
        json.WriteString("free", pool.FreeText);
        json.WriteString("size", pool.SizeText);
        json.WriteString("usedPercent", string.Join('/', pool.Families.Select(static family => family.Usage.Size == 0 ? family.Usage.Percent : $"{family.Usage.Percent}%")));
        WriteConditions(json, pool);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteConditions(Utf8JsonWriter json, PoolUsage pool)
    {
        json.WriteStartArray("conditions");
        json.WriteStartObject();
        json.WriteString("type", "Exhausted");
        json.WriteString("status", pool.IsExhausted ? "True" : "False");
        json.WriteString("reason", pool.IsExhausted ? "NoFreeAddress" : "FreeAddresses");
        json.WriteString("message", pool.IsExhausted
            ? $"no {pool.ExhaustedFamilies} address is left to hand out; release what is no longer used, or add a range"
            : "there are addresses to hand out");
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
