using Ipam.Core.Addresses;

namespace Ipam.Core.Pools;

/// <summary>What a pool must be, whoever writes it. Stores keep any pool; who takes one from a person asks here first.</summary>
public static class PoolRules
{
    /// <summary>The longest cooldown of a freed address.</summary>
    public static TimeSpan MaxCooldown { get; } = TimeSpan.FromDays(30);

    /// <summary>The first thing that is wrong with <paramref name="pool"/>: what was found and what is wanted; null if nothing is.</summary>
    public static string? Check(Pool pool) =>
        NameRules.CheckName("pool", pool.Name)
        ?? NameRules.CheckSpace(pool.Space)
        ?? (pool.Ranges.Count == 0 ? "the pool has no range; give at least one, such as {\"subnet\": \"10.1.0.0/16\"}" : null)
        ?? pool.Ranges.Select((range, i) => CheckRange(range, $"range {i}")).FirstOrDefault(static problem => problem is not null)
        ?? pool.Routes.Select(CheckRoute).FirstOrDefault(static problem => problem is not null)
        ?? CheckCooldown(pool.Policy.Cooldown)
        ?? CheckNames(pool.Namespaces, "namespaces")
        ?? CheckNames(pool.NodeSelector.Nodes, "nodeSelector.nodes")
        ?? CheckNames(pool.NodeSelector.Labels.Keys, "nodeSelector.labels");

    private static string? CheckRange(PoolRange range, string where)
    {
        var subnet = range.Subnet;
        if (subnet.HasHostBits)
            return $"{where}: subnet {subnet} has host bits set; wanted is {subnet.First}/{subnet.Length}";
        if ((CheckInside(range.First, subnet, $"{where}: rangeStart") ?? CheckInside(range.Last, subnet, $"{where}: rangeEnd")
            ?? CheckInside(range.Gateway, subnet, $"{where}: gateway")) is { } problem)
            return problem;
        return range is { First: { } first, Last: { } last } && first > last
            ? $"{where}: rangeStart {first} comes after rangeEnd {last}; swap them"
            : null;
    }

    private static string? CheckInside(Address? address, Prefix subnet, string what)
    {
        if (address is not { } found || subnet.Contains(found))
            return null;
        return found.Family == subnet.Address.Family
            ? $"{what} {found} is not in subnet {subnet}, which goes from {subnet.First} to {subnet.Last}"
            : $"{what} {found} is not of the address family of subnet {subnet}; give each family a range of its own";
    }

    private static string? CheckRoute(PoolRoute route) => route.Gateway is { } gateway && gateway.Family != route.Destination.Address.Family
        ? $"the route to {route.Destination} has a gateway of another address family, {gateway}; give one of the same, or none"
        : null;

    private static string? CheckCooldown(TimeSpan cooldown) =>
        cooldown < TimeSpan.Zero || cooldown > MaxCooldown || cooldown.Ticks % TimeSpan.TicksPerSecond != 0
            ? $"cooldownSeconds is {cooldown.TotalSeconds}, wanted is a whole number from 0 to {MaxCooldown.TotalSeconds}"
            : null;

    private static string? CheckNames(IEnumerable<string> names, string where) =>
        names.Any(static name => name.Length == 0) ? $"{where} has an empty name; give it one, or leave the entry out" : null;
}
