namespace Ipam.Core.Pools;

/// <summary>What a pool must be, whoever writes it. Stores keep any pool; who takes one from a person asks here first.</summary>
public static class PoolRules
{
    /// <summary>The first thing that is wrong with <paramref name="pool"/>: what was found and what is wanted; null if nothing is.</summary>
    public static string? Check(Pool pool) =>
        NameRules.CheckName("pool", pool.Name)
        ?? NameRules.CheckSpace(pool.Space)
        ?? (pool.Ranges.Count == 0 ? "the pool has no range; give at least one, such as {\"subnet\": \"10.1.0.0/16\"}" : null)
        ?? pool.Ranges.Select((range, i) => CheckRange(range, $"pool: range {i}")).FirstOrDefault(static problem => problem is not null)
        ?? pool.Routes.Select(static (route, i) => route.Check($"pool: route {i}")).FirstOrDefault(static problem => problem is not null)
        ?? pool.Policy.Check("pool")
        ?? CheckNames(pool.Namespaces, "namespaces")
        ?? CheckNames(pool.Networks, "networks")
        ?? CheckNames(pool.NodeSelector.Nodes, "nodeSelector.nodes")
        ?? CheckNames(pool.NodeSelector.Labels.Keys, "nodeSelector.labels")
        ?? CheckNames(pool.NamespaceSelector.Labels.Keys, "namespaceSelector.labels")
        ?? CheckNames(pool.PodSelector.Labels.Keys, "podSelector.labels")
        ?? CheckNames(pool.Quotas.Keys, "quotas")
        ?? pool.Quotas.Where(static quota => quota.Value is < 0 or > MostQuota).Select(static quota => $"quotas: that of {quota.Key} is {quota.Value}, and wanted is a number from 0 to {MostQuota}").FirstOrDefault();

    /// <summary>The largest quota.</summary>
    public const long MostQuota = 1_000_000;

    private static string? CheckRange(PoolRange range, string where) => range.Check(where) ?? range.CheckGatewayIsInside(where);

    private static string? CheckNames(IEnumerable<string> names, string where) =>
        names.Any(static name => name.Length == 0) ? $"{where} has an empty name; give it one, or leave the entry out" : null;
}
