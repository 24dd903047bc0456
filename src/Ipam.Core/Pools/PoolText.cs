using System.Globalization;

namespace Ipam.Core.Pools;

/// <summary>What a pool is made of, in a few words each.</summary>
public static class PoolText
{
    /// <summary>Its ranges, a few characters each.</summary>
    public static IReadOnlyList<string> Ranges(Pool pool) => [.. pool.Ranges.Select(static range => range.Text)];

    /// <summary>All of a range.</summary>
    public static string FullRange(PoolRange range)
    {
        var text = range.First is null && range.Last is null ? $"{range.Subnet}" : $"{range.Subnet}: {range.Text}";
        if (range.GatewayText is { } gateway)
            text += $", gateway {gateway}";
        IEnumerable<string> without = [.. range.Excluded.Select(static excluded => excluded.ToString()), .. range.SkipEdges ? (string[])["the .0 and .255 of each /24"] : []];
        if (without.Any())
            text += $", without {string.Join(", ", without)}";
        return range.AllowOutside ? $"{text}, others of the subnet on request" : text;
    }

    /// <summary>A route.</summary>
    public static string Route(PoolRoute route) => route.Gateway is { } gateway ? $"{route.Destination} via {gateway}" : $"{route.Destination}";

    /// <summary>Whether something is handed out from it.</summary>
    public static string State(Pool pool) => pool.IsBeingDeleted ? "deleting" : pool.IsDisabled ? "disabled" : "enabled";

    /// <summary>Its cooldown in seconds; empty if it has none.</summary>
    public static string Cooldown(Pool pool) =>
        pool.Policy.Cooldown == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"{(long)pool.Policy.Cooldown.TotalSeconds}s");

    /// <summary>Whether addresses stay their owners', and for how long.</summary>
    public static string Sticky(Pool pool) => !pool.Policy.IsSticky ? "no"
        : pool.Policy.StickyFor is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s")
        : "yes";

    /// <summary>Its quotas in one line, such as <c>shop=100,*=20</c>.</summary>
    public static string Quotas(Pool pool) => string.Join(',', pool.Quotas.Select(static quota => string.Create(CultureInfo.InvariantCulture, $"{quota.Key}={quota.Value}")));

    /// <summary>Labels in one line.</summary>
    public static string Labels(LabelSelector selector) => string.Join(',', selector.Labels.Select(static label => $"{label.Key}={label.Value}"));
}
