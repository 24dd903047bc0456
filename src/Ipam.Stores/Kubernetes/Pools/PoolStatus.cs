using System.Buffers;
using System.Globalization;
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

    /// <summary>Held addresses in percent, rounded down to one decimal; never 0 where some are held, nor 100 where some are not.</summary>
    public static string Percent(long used, UInt128 size)
    {
        if (size == 0)
            return "0%";
        var tenths = (UInt128)used * 1000 / size;
        tenths = tenths == 0 && used > 0 ? 1 : tenths;
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)tenths / 10:0.#}%");
    }

    private static ReadOnlyMemory<byte> Write(PoolUsage pool)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("status");
        json.WriteString("ranges", pool.Ranges);
        json.WriteNumber("used", pool.Used);
        json.WriteString("free", pool.Free.ToString(CultureInfo.InvariantCulture));
        json.WriteString("size", pool.Size.ToString(CultureInfo.InvariantCulture));
        json.WriteString("usedPercent", Percent(pool.Used, pool.Size));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
