using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Text;
using Ipam.Core.Trends;

namespace Ipam.Cli.Commands.Pools;

/// <summary>How pools are listed. Titles, keys and their order are a contract with scripts.</summary>
internal static class PoolView
{
    /// <summary>The view at an instant, from which ages are counted.</summary>
    public static View<PoolStatus> At(DateTimeOffset now)
    {
        var columns = Columns(now, static status => FewOf.These(PoolText.Ranges(status.Pool)));
        Column<PoolStatus>[] all =
        [
            .. Columns(now, static status => string.Join(',', PoolText.Ranges(status.Pool))),
            new("SIZE", static status => status.Usage.SizeText),
            new("RESERVED", static status => status.Usage.ReservedText),
            new("ORDER", static status => PolicyForm.Word(status.Pool.Policy.Order)),
            new("AFFINITY", static status => PolicyForm.Word(status.Pool.Policy.Affinity) ?? ""),
            new("STRICT", static status => status.Pool.Policy.IsStrict ? "yes" : "no"),
            new("COOLDOWN", static status => PoolText.Cooldown(status.Pool)),
            new("STICKY", static status => PoolText.Sticky(status.Pool)),
            new("NODES", static status => string.Join(',', status.Pool.NodeSelector.Nodes)),
            new("NODE LABELS", static status => PoolText.Labels(status.Pool.NodeSelector)),
            new("NAMESPACES", static status => string.Join(',', status.Pool.Namespaces)),
            new("NAMESPACE LABELS", static status => PoolText.Labels(status.Pool.NamespaceSelector)),
            new("POD LABELS", static status => PoolText.Labels(status.Pool.PodSelector)),
            new("NETWORKS", static status => string.Join(',', status.Pool.Networks)),
            new("QUOTAS", static status => PoolText.Quotas(status.Pool)),
            new("CREATED", static status => TimeText.Of(status.Pool.CreatedAt)),
        ];
        return new View<PoolStatus>(columns, all, static (status, fields) => PoolFields.Write(status, quotas: null, outside: null, fields));
    }

    private static Column<PoolStatus>[] Columns(DateTimeOffset now, Func<PoolStatus, string> ranges) =>
    [
        new("NAME", static status => status.Pool.Name),
        new("SPACE", static status => status.Pool.Space),
        new("RANGES", ranges),
        new("USED", static status => status.Usage.UsedText),
        new("FREE", static status => status.Usage.FreeText),
        new("USED%", static status => status.Usage.PercentText),
        new("STATE", static status => PoolText.State(status.Pool)),
        new("AGE", status => AgeText.Of(now - status.Pool.CreatedAt)),
        new("FULL IN", static status => ForecastText.Brief(status.Forecast)),
    ];
}
