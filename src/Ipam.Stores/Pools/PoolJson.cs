using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Stores.Pools;

/// <summary>
/// A pool as JSON, without its name, version and time: what stores keep and people edit. Reading checks the form only; whether the pool
/// makes sense is for <see cref="PoolRules"/>.
/// </summary>
public static class PoolJson
{
    /// <summary>Reads a pool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The rest of it.</param>
    /// <exception cref="FormatException">It has not the form of a pool; the message says what was found and what is wanted.</exception>
    public static Pool Read(string name, JsonElement json) => JsonFields.Decode("pool", () => ReadFields(name, json));

    private static Pool ReadFields(string name, JsonElement json)
    {
        var fields = new JsonFields(json, "pool", "space", "ranges", "gateway", "routes", "order", "affinity", "strict", "nodeSelector",
            "namespaces", "namespaceSelector", "podSelector", "networks", "quotas", "disabled", "cooldownSeconds", "reuseResting", "sticky", "stickySeconds");
        var gateway = fields.Text("gateway");
        RangeForm.ReadGateway(gateway, "pool");
        return new Pool
        {
            Name = name,
            Space = fields.Text("space") ?? "default",
            Ranges = fields.List("ranges", (range, i) => ReadRange(range, $"pool: range {i}", gateway)),
            Routes = fields.List("routes", static (route, i) => ReadRoute(route, $"pool: route {i}")),
            Policy = ReadPolicy(fields).Read("pool"),
            NodeSelector = fields.Field("nodeSelector") is { } selector ? ReadNodeSelector(selector) : new NodeSelector(),
            Namespaces = fields.Texts("namespaces"),
            NamespaceSelector = ReadSelector(fields, "namespaceSelector"),
            PodSelector = ReadSelector(fields, "podSelector"),
            Networks = fields.Texts("networks"),
            Quotas = fields.Numbers("quotas"),
            IsDisabled = fields.Flag("disabled"),
        };
    }

    /// <summary>Writes a pool as an object. What is as it is by default is left out.</summary>
    public static void Write(Utf8JsonWriter writer, Pool pool)
    {
        writer.WriteStartObject();
        writer.WriteString("space", pool.Space);
        writer.WriteStartArray("ranges");
        foreach (var range in pool.Ranges)
            WriteRange(writer, range);
        writer.WriteEndArray();
        WriteRoutes(writer, pool.Routes);
        WritePolicy(writer, pool.Policy);
        WriteSelector(writer, "nodeSelector", pool.NodeSelector.Nodes, pool.NodeSelector);
        JsonText.WriteTexts(writer, "namespaces", pool.Namespaces);
        WriteSelector(writer, "namespaceSelector", [], pool.NamespaceSelector);
        WriteSelector(writer, "podSelector", [], pool.PodSelector);
        JsonText.WriteTexts(writer, "networks", pool.Networks);
        WriteQuotas(writer, pool.Quotas);
        JsonText.WriteFlag(writer, "disabled", pool.IsDisabled);
        writer.WriteEndObject();
    }

    /// <param name="json">The range.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <param name="shared">The pool's gateway, for the ranges that say nothing of theirs; null if it has none.</param>
    private static PoolRange ReadRange(JsonElement json, string where, string? shared)
    {
        var fields = new JsonFields(json, where, "subnet", "rangeStart", "rangeEnd", "gateway", "exclude", "skipEdges", "allowOutside");
        var range = new RangeForm
        {
            Subnet = fields.Text("subnet"),
            RangeStart = fields.Text("rangeStart"),
            RangeEnd = fields.Text("rangeEnd"),
            Gateway = fields.Text("gateway"),
            Exclude = fields.Texts("exclude"),
            SkipEdges = fields.Flag("skipEdges"),
            AllowOutside = fields.Flag("allowOutside"),
        }.Read(where);
        if (range.GatewayText is not null || string.IsNullOrEmpty(shared))
            return range;
        return RangeForm.ReadGateway(shared, "pool") is not { } gateway ? range with { HasGatewayByDefault = false }
            : range.Subnet.Contains(gateway) ? range with { Gateway = gateway } : range;
    }

    private static PoolRoute ReadRoute(JsonElement json, string where)
    {
        var fields = new JsonFields(json, where, "dst", "gw");
        return new RouteForm(fields.Text("dst"), fields.Text("gw")).Read(where);
    }

    private static PolicyForm ReadPolicy(JsonFields fields) => new()
    {
        Order = fields.Text("order"),
        Affinity = fields.Text("affinity"),
        Strict = fields.Flag("strict"),
        CooldownSeconds = fields.Raw("cooldownSeconds"),
        ReuseResting = fields.Flag("reuseResting"),
        Sticky = fields.Flag("sticky"),
        StickySeconds = fields.Raw("stickySeconds"),
    };

    private static LabelSelector ReadSelector(JsonFields pool, string key) => pool.Field(key) is { } json
        ? new LabelSelector { Labels = new JsonFields(json, $"pool: {key}", "labels").Map("labels") }
        : new LabelSelector();

    private static NodeSelector ReadNodeSelector(JsonElement json)
    {
        var fields = new JsonFields(json, "pool: nodeSelector", "nodes", "labels");
        return new NodeSelector { Nodes = fields.Texts("nodes"), Labels = fields.Map("labels") };
    }

    private static void WriteRange(Utf8JsonWriter writer, PoolRange range)
    {
        writer.WriteStartObject();
        writer.WriteString("subnet", range.Subnet.ToString());
        JsonText.WriteAddress(writer, "rangeStart", range.First);
        JsonText.WriteAddress(writer, "rangeEnd", range.Last);
        if (range.GatewayText is { } gateway)
            writer.WriteString("gateway", gateway);
        JsonText.WriteTexts(writer, "exclude", range.Excluded.Select(static excluded => excluded.ToString()));
        JsonText.WriteFlag(writer, "skipEdges", range.SkipEdges);
        JsonText.WriteFlag(writer, "allowOutside", range.AllowOutside);
        writer.WriteEndObject();
    }

    private static void WriteRoutes(Utf8JsonWriter writer, IReadOnlyList<PoolRoute> routes)
    {
        if (routes.Count == 0)
            return;
        writer.WriteStartArray("routes");
        foreach (var route in routes)
        {
            writer.WriteStartObject();
            writer.WriteString("dst", route.Destination.ToString());
            JsonText.WriteAddress(writer, "gw", route.Gateway);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WritePolicy(Utf8JsonWriter writer, AllocationPolicy policy)
    {
        if (policy.Order != AllocationOrder.Next)
            writer.WriteString("order", PolicyForm.Word(policy.Order));
        if (PolicyForm.Word(policy.Affinity) is { } affinity)
            writer.WriteString("affinity", affinity);
        JsonText.WriteFlag(writer, "strict", policy.IsStrict);
        if (policy.Cooldown != TimeSpan.Zero)
            writer.WriteNumber("cooldownSeconds", (long)policy.Cooldown.TotalSeconds);
        JsonText.WriteFlag(writer, "reuseResting", policy.ReusesCooling);
        JsonText.WriteFlag(writer, "sticky", policy.IsSticky);
        if (policy.StickyFor is { } time)
            writer.WriteNumber("stickySeconds", (long)time.TotalSeconds);
    }

    private static void WriteQuotas(Utf8JsonWriter writer, IReadOnlyDictionary<string, long> quotas)
    {
        if (quotas.Count == 0)
            return;
        writer.WriteStartObject("quotas");
        foreach (var (name, quota) in quotas)
            writer.WriteNumber(name, quota);
        writer.WriteEndObject();
    }

    private static void WriteSelector(Utf8JsonWriter writer, string key, IReadOnlyList<string> nodes, LabelSelector selector)
    {
        if (selector.IsEmpty)
            return;
        writer.WriteStartObject(key);
        JsonText.WriteTexts(writer, "nodes", nodes);
        if (selector.Labels.Count > 0)
        {
            writer.WriteStartObject("labels");
            foreach (var (label, value) in selector.Labels)
                writer.WriteString(label, value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
