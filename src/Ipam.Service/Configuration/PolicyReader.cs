using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Pools;

namespace Ipam.Service.Configuration;

/// <summary>Reads how addresses are chosen. Throws <see cref="CniException"/>, code 7, for what can't be used.</summary>
internal static class PolicyReader
{
    public static AllocationPolicy Read(JsonElement ipam) => new()
    {
        Order = Order(ipam),
        Affinity = Affinity(ipam),
        IsStrict = ipam.GetFlag("strict") ?? false,
        Cooldown = Cooldown(ipam),
        ReusesCooling = ipam.GetFlag("reuseResting") ?? false,
    };

    private static AllocationOrder Order(JsonElement ipam) => ipam.GetText("order") switch
    {
        null or "" or "next" => AllocationOrder.Next,
        "lowest" => AllocationOrder.Lowest,
        "random" => AllocationOrder.Random,
        var other => throw InvalidConfiguration.Because($"ipam: order \"{other}\" is none of \"next\", \"lowest\", \"random\""),
    };

    private static BlockAffinity? Affinity(JsonElement ipam) => ipam.GetText("affinity") switch
    {
        null or "" => null,
        "node" => BlockAffinity.Node,
        "none" => BlockAffinity.None,
        var other => throw InvalidConfiguration.Because($"ipam: affinity \"{other}\" is none of \"node\", \"none\""),
    };

    private static TimeSpan Cooldown(JsonElement ipam)
    {
        if (!ipam.TryGetKey("cooldownSeconds", out var json))
            return TimeSpan.Zero;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var seconds) && seconds >= 0 && seconds <= PoolRules.MaxCooldown.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw InvalidConfiguration.Because(
                $"ipam: cooldownSeconds is {json.GetRawText()}, wanted is a whole number from 0 to {PoolRules.MaxCooldown.TotalSeconds}");
    }
}
