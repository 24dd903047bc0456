namespace EndToEnd.Support.Stores;

/// <summary>Which stores can be had on this machine.</summary>
internal static class StoreServers
{
    /// <summary>What is missing for a kind of store; null if nothing is.</summary>
    public static string? WhyMissing(string kind) => kind switch
    {
        "kubernetes" => ControlPlaneAssets.WhyMissing,
        "redis" => Requirements.WhatIsMissing("redis-server"),
        _ => null,
    };
}
