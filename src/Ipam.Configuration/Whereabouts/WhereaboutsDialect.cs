using System.Globalization;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Whereabouts;

/// <summary>
/// An <c>ipam</c> that is written for Whereabouts, in the terms of all others: nothing behind this room knows of two forms. What Whereabouts
/// takes for given is so here: no gateway, the lowest address first, one set of blocks for all nodes.
/// </summary>
internal sealed class WhereaboutsDialect
{
    private static readonly KnownKeys KeysOfRange = new("range", "range_start", "range_end", "exclude");

    private readonly IReadOnlyList<PoolRange> _fixed;

    private WhereaboutsDialect(JsonElement ipam)
    {
        Ipam = ipam;
        _fixed = StaticAddresses.Read(ipam);
        Ranges = [.. WithGateway(ReadRanges()), .. _fixed];
        if (Ranges.Count == 0)
            throw new FormatException("no IP ranges specified; give \"range\", \"ipRanges\" or \"addresses\" in ipam");
    }

    /// <summary>The object, with what the file of defaults adds.</summary>
    public JsonElement Ipam { get; }

    /// <summary>One address is handed out from each.</summary>
    public IReadOnlyList<PoolRange> Ranges { get; }

    /// <summary>Null where none is named: networks without a name share one.</summary>
    public string? Space => Ipam.GetText("network_name") is { Length: > 0 } name ? name : null;

    /// <summary>Whether each node is to have a part of the range.</summary>
    public bool HasNodeSlices => Ipam.GetText("node_slice_size") is { Length: > 0 };

    /// <summary>
    /// Keys that are there and change nothing. That overlapping ranges needn't mind each other is one: who means it has networks apart from each
    /// other, which have names.
    /// </summary>
    public IReadOnlyList<string> Ignored =>
        Ipam.GetFlag("enable_overlapping_ranges") == false ? [.. WhereaboutsKeys.Ignored(Ipam), "enable_overlapping_ranges"] : WhereaboutsKeys.Ignored(Ipam);

    /// <summary>Null if the object isn't written for Whereabouts.</summary>
    /// <exception cref="FormatException">It can't be used.</exception>
    /// <exception cref="CniException">The same.</exception>
    public static WhereaboutsDialect? TryRead(JsonElement ipam, FlatFile? file)
    {
        if (!WhereaboutsKeys.AreIn(ipam))
            return null;
        WhereaboutsKeys.Check(ipam);
        var dialect = new WhereaboutsDialect(file?.Under(ipam) ?? ipam);
        dialect.CheckSliceSize();
        _ = ipam.GetText("configuration_path");
        return dialect;
    }

    private List<PoolRange> ReadRanges()
    {
        var ranges = new List<PoolRange>();
        if (Ipam.GetText("range") is { Length: > 0 })
            ranges.Add(WhereaboutsRange.Read(Ipam, "ipam"));
        else
            CheckNothingIsLeftOver();
        if (Ipam.GetArray("ipRanges") is { } array)
            ranges.AddRange(array.EnumerateArray().Select(static (json, i) => ReadRange(json, $"range {i} of ipam.ipRanges")));
        // An address that somebody excludes, or every container has, is nobody's to be handed out.
        List<AddressRange> masked = [.. WhereaboutsRange.ReadExcluded(Ipam, "ipam"), .. _fixed.Select(static one => one.Bounds)];
        return ranges.ConvertAll(range => range with { Excluded = [.. range.Excluded.Union(masked.Where(range.Bounds.Overlaps))] });
    }

    private static PoolRange ReadRange(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{where}: a range is an object, {{\"range\": ...}}, found {json.GetRawText()}");
        KeysOfRange.Check(json, where);
        return WhereaboutsRange.Read(json, where);
    }

    private void CheckNothingIsLeftOver()
    {
        foreach (var key in (ReadOnlySpan<string>)["range_start", "range_end"])
        {
            if (Ipam.GetText(key) is { Length: > 0 } text)
                throw new FormatException($"ipam: {key} {text} is given without \"range\"; give the range beside it, or move both into \"ipRanges\"");
        }
    }

    /// <summary>The gateway belongs to the ranges that it lies in; if it lies in none, to those of its family.</summary>
    private List<PoolRange> WithGateway(List<PoolRange> ranges)
    {
        if (WhereaboutsRange.ReadAddress(Ipam, "ipam", "gateway") is not { } gateway || ranges.Count == 0)
            return ranges;
        if (!ranges.Exists(range => range.Subnet.Address.Family == gateway.Family))
            throw new FormatException($"ipam: gateway {gateway} is of another address family than {string.Join(", ", ranges.Select(static range => range.Subnet))}; give one of their family, or leave it out");
        var isInside = ranges.Exists(range => range.Subnet.Contains(gateway));
        var given = ranges.ConvertAll(range =>
            (isInside ? range.Subnet.Contains(gateway) : range.Subnet.Address.Family == gateway.Family) ? range with { Gateway = gateway } : range);
        return given.Select(static range => range.Check("ipam")).FirstOrDefault(static problem => problem is not null) is { } flaw ? throw new FormatException(flaw) : given;
    }

    /// <summary>The size itself is nobody's business here: a node has as many blocks as it needs.</summary>
    private void CheckSliceSize()
    {
        var text = Ipam.GetText("node_slice_size") ?? "";
        if (HasNodeSlices && !(int.TryParse(text.TrimStart('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= 128))
            throw new FormatException($"ipam: node_slice_size \"{text}\" is no prefix length such as \"/26\"");
    }
}
