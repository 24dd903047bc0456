using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Pools;

/// <summary>
/// The fields of a pool in JSON and YAML: those of a pool's document, and under one key more what isn't part of it, so that what is
/// printed can be read back.
/// </summary>
internal static class PoolFields
{
    /// <summary>Writes them.</summary>
    /// <param name="status">The pool.</param>
    /// <param name="quotas">How much of its quotas is taken; null where nobody asked for it.</param>
    /// <param name="outside">Leases beside all pools' ranges; null where nobody asked for them.</param>
    /// <param name="fields">Where to write.</param>
    public static void Write(PoolStatus status, IReadOnlyList<QuotaUse>? quotas, IReadOnlyList<Lease>? outside, IFieldWriter fields)
    {
        var pool = status.Pool;
        fields.Text("name", pool.Name);
        WriteDocument(pool, fields);
        fields.Object(PoolDocument.StatusKey, more => WriteStatus(status, quotas, outside, more));
    }

    /// <summary>Writes the fields of a pool's document, but for the name.</summary>
    public static void WriteDocument(Pool pool, IFieldWriter fields)
    {
        fields.Text("space", pool.Space);
        fields.Objects("ranges", pool.Ranges, WriteRange);
        fields.Objects("routes", pool.Routes, WriteRoute);
        fields.Text("order", PolicyForm.Word(pool.Policy.Order));
        fields.Text("affinity", PolicyForm.Word(pool.Policy.Affinity));
        fields.Flag("strict", pool.Policy.IsStrict);
        fields.Number("cooldownSeconds", (long)pool.Policy.Cooldown.TotalSeconds);
        fields.Flag("reuseResting", pool.Policy.ReusesCooling);
        fields.Flag("sticky", pool.Policy.IsSticky);
        if (pool.Policy.StickyFor is { } time)
            fields.Number("stickySeconds", (long)time.TotalSeconds);
        fields.Object("nodeSelector", selector => WriteSelector(pool.NodeSelector, selector));
        fields.Texts("namespaces", pool.Namespaces);
        fields.Object("namespaceSelector", selector => selector.Map("labels", pool.NamespaceSelector.Labels));
        fields.Object("podSelector", selector => selector.Map("labels", pool.PodSelector.Labels));
        fields.Texts("networks", pool.Networks);
        fields.Object("quotas", quotas =>
        {
            foreach (var (name, quota) in pool.Quotas)
                quotas.Number(name, quota);
        });
        fields.Flag("disabled", pool.IsDisabled);
    }

    private static void WriteRange(PoolRange range, IFieldWriter fields)
    {
        fields.Text("subnet", range.Subnet.ToString());
        fields.Text("rangeStart", range.First?.ToString());
        fields.Text("rangeEnd", range.Last?.ToString());
        fields.Text("gateway", range.GatewayText);
        fields.Texts("exclude", range.Excluded.Select(static excluded => excluded.ToString()));
        fields.Flag("skipEdges", range.SkipEdges);
        fields.Flag("allowOutside", range.AllowOutside);
    }

    private static void WriteRoute(PoolRoute route, IFieldWriter fields)
    {
        fields.Text("dst", route.Destination.ToString());
        fields.Text("gw", route.Gateway?.ToString());
    }

    private static void WriteSelector(NodeSelector selector, IFieldWriter fields)
    {
        fields.Texts("nodes", selector.Nodes);
        fields.Map("labels", selector.Labels);
    }

    private static void WriteNumbers(IFieldWriter fields, UInt128 size, UInt128 reserved, long used, UInt128 free)
    {
        fields.Number("size", size);
        fields.Number("reserved", reserved);
        fields.Number("used", used);
        fields.Number("free", free);
    }

    private static void WriteStatus(PoolStatus status, IReadOnlyList<QuotaUse>? quotas, IReadOnlyList<Lease>? outside, IFieldWriter fields)
    {
        WriteNumbers(fields, status.Usage.Size, status.Usage.Reserved, status.Usage.Used, status.Usage.Free);
        fields.Objects("families", status.Usage.Families, static (family, more) =>
        {
            more.Text("family", family.Name);
            WriteNumbers(more, family.Usage.Size, family.Usage.Reserved, family.Usage.Used, family.Usage.Free);
            more.Text("usedPercent", family.Usage.Percent);
        });
        if (status.Forecast is { } forecast)
            fields.Object("forecast", more => ForecastFields.Write(forecast, more));
        fields.Text("createdAt", TimeText.Of(status.Pool.CreatedAt));
        if (quotas?.Count > 0)
        {
            fields.Objects("quotas", quotas, static (quota, more) =>
            {
                more.Text("namespace", quota.Quota.Namespace);
                more.Number("limit", quota.Limit);
                more.Number("taken", quota.Taken);
            });
        }
        if (outside is not null)
            fields.Objects("outside", outside, LeaseView.WriteFields);
    }
}
