using Ipam.Stores.Tests.Kubernetes.Support;

namespace EndToEnd.Support.Stores;

/// <summary>Which stores can be had on this machine.</summary>
internal static class StoreServers
{
    /// <summary>What is missing for a kind of store; null if nothing is.</summary>
    public static string? WhyMissing(string kind) => kind switch
    {
        "kubernetes" => Assets.WhyMissing,
        "redis" when !IsInPath("redis-server") => "needs redis-server in PATH",
        _ => null,
    };

    private static bool IsInPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
