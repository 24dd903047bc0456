using System.Globalization;
using Ipam.Core.Administration;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Pools;

/// <summary>What a pool is made of, in a few words each.</summary>
internal static class PoolText
{
    public static string[] Ranges(Pool pool) => [.. pool.Ranges.Select(Range)];

    /// <summary>All of a range.</summary>
    public static string FullRange(PoolRange range)
    {
        var text = range.First is null && range.Last is null ? $"{range.Subnet}" : $"{range.Subnet}: {Range(range)}";
        if (range.Gateway is { } gateway)
            text += $", gateway {gateway}";
        return range.Excluded.Count == 0 ? text : $"{text}, without {string.Join(", ", range.Excluded)}";
    }

    public static string Route(PoolRoute route) => route.Gateway is { } gateway ? $"{route.Destination} via {gateway}" : $"{route.Destination}";

    public static string State(Pool pool) => pool.IsDisabled ? "disabled" : "enabled";

    public static string Cooldown(Pool pool) =>
        pool.Policy.Cooldown == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"{(long)pool.Policy.Cooldown.TotalSeconds}s");

    public static string Labels(Pool pool) => string.Join(',', pool.NodeSelector.Labels.Select(static label => $"{label.Key}={label.Value}"));

    /// <summary>Used of all in percent, with one digit, not rounded up: 100.0 means that nothing is left. Empty if there is nothing to use.</summary>
    public static string UsedPercent(PoolStatus status)
    {
        if (status.Size == 0)
            return "";
        var tenths = (int)(status.Used * 1000 / status.Size);
        return string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}");
    }

    private static string Range(PoolRange range) =>
        range.First is null && range.Last is null ? $"{range.Subnet}"
        : $"{range.First ?? SubnetDefaults.First(range.Subnet)}-{range.Last ?? SubnetDefaults.Last(range.Subnet)}";
}
