using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Text;
using Ipam.Core.Trends;

namespace Ipam.Cli.Commands.Pools;

/// <summary>How one pool is shown in full: a line for each of its ranges and routes.</summary>
internal static class PoolCard
{
    /// <summary>The view of one pool at an instant, from which ages are counted.</summary>
    /// <param name="shown">The pool.</param>
    /// <param name="quotas">How much of its quotas is taken.</param>
    /// <param name="outside">Leases beside all pools' ranges.</param>
    /// <param name="now">The instant.</param>
    public static View<PoolStatus> Of(PoolStatus shown, IReadOnlyList<QuotaUse> quotas, IReadOnlyList<Lease> outside, DateTimeOffset now)
    {
        var pool = shown.Pool;
        Column<PoolStatus>[] columns =
        [
            Line("NAME", pool.Name),
            Line("SPACE", pool.Space),
            Line("STATE", PoolText.State(pool)),
            .. pool.Ranges.Select(static range => Line("RANGE", PoolText.FullRange(range))),
            .. pool.Routes.Select(static route => Line("ROUTE", PoolText.Route(route))),
            Line("SIZE", shown.Usage.SizeText),
            Line("RESERVED", shown.Usage.ReservedText),
            Line("USED", shown.Usage.UsedText),
            Line("FREE", shown.Usage.FreeText),
            Line("USED%", shown.Usage.PercentText),
            Line("FULL IN", ForecastText.Full(shown.Forecast)),
            Line("COURSE", ForecastText.Course(shown.Forecast)),
            Line("ORDER", PolicyForm.Word(pool.Policy.Order)),
            Line("AFFINITY", PolicyForm.Word(pool.Policy.Affinity) ?? ""),
            Line("STRICT", pool.Policy.IsStrict ? "yes" : "no"),
            Line("COOLDOWN", PoolText.Cooldown(pool)),
            Line("REUSE RESTING", pool.Policy.ReusesCooling ? "yes" : "no"),
            Line("STICKY", PoolText.Sticky(pool)),
            Line("NODES", string.Join(", ", pool.NodeSelector.Nodes)),
            Line("NODE LABELS", pool.NodeSelector.LabelText),
            Line("NAMESPACES", string.Join(", ", pool.Namespaces)),
            Line("NAMESPACE LABELS", pool.NamespaceSelector.LabelText),
            Line("POD LABELS", pool.PodSelector.LabelText),
            Line("NETWORKS", string.Join(", ", pool.Networks)),
            Line("QUOTAS", PoolText.Quotas(pool)),
            .. quotas.Select(static quota => Line("TAKEN", $"{quota.Quota.Namespace}: {quota.Text}")),
            Line("CREATED", TimeText.Of(pool.CreatedAt)),
            Line("AGE", AgeText.Of(now - pool.CreatedAt)),
            Line("OUTSIDE", outside.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{outside.Count} leases in no pool's ranges")),
        ];
        return new View<PoolStatus>(columns, columns, (status, fields) => PoolFields.Write(status, quotas, outside, fields));
    }

    private static Column<PoolStatus> Line(string title, string text) => new(title, _ => text);
}
