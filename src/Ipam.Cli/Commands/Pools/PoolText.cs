using System.Globalization;
using Ipam.Core.Pools;

namespace Ipam.Cli.Commands.Pools;

/// <summary>What a pool is made of, in a few words each.</summary>
internal static class PoolText
{
    public static string[] Ranges(Pool pool) => [.. pool.Ranges.Select(static range => range.Text)];

    /// <summary>All of a range.</summary>
    public static string FullRange(PoolRange range)
    {
        var text = range.First is null && range.Last is null ? $"{range.Subnet}" : $"{range.Subnet}: {range.Text}";
        if (range.GatewayText is { } gateway)
            text += $", gateway {gateway}";
        return range.Excluded.Count == 0 ? text : $"{text}, without {string.Join(", ", range.Excluded)}";
    }

    public static string Route(PoolRoute route) => route.Gateway is { } gateway ? $"{route.Destination} via {gateway}" : $"{route.Destination}";

    public static string State(Pool pool) => pool.IsBeingDeleted ? "deleting" : pool.IsDisabled ? "disabled" : "enabled";

    public static string Cooldown(Pool pool) =>
        pool.Policy.Cooldown == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"{(long)pool.Policy.Cooldown.TotalSeconds}s");

    public static string Labels(Pool pool) => string.Join(',', pool.NodeSelector.Labels.Select(static label => $"{label.Key}={label.Value}"));
}
