using System.Buffers;
using System.Text;
using System.Text.Json;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Cli.Commands.Transfer;

/// <summary>What a pool or a reservation says, as a text: two that say the same have the same text, whatever store they are of.</summary>
internal static class CatalogContent
{
    public static string Of(Pool pool) => Text(json => PoolJson.Write(json, InOrder(pool)));

    public static string Of(Reservation reservation) => Text(json => ReservationJson.Write(json, reservation));

    /// <summary>The pool with its labels and quotas by key: a store need not keep another order.</summary>
    public static Pool InOrder(Pool pool) => pool with
    {
        NodeSelector = pool.NodeSelector with { Labels = ByKey(pool.NodeSelector) },
        NamespaceSelector = new LabelSelector { Labels = ByKey(pool.NamespaceSelector) },
        PodSelector = new LabelSelector { Labels = ByKey(pool.PodSelector) },
        Quotas = new SortedDictionary<string, long>(pool.Quotas.ToDictionary(), StringComparer.Ordinal),
    };

    private static SortedDictionary<string, string> ByKey(LabelSelector selector) => new(selector.Labels.ToDictionary(), StringComparer.Ordinal);

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
