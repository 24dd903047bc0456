namespace Ipam.Bench.Stores;

/// <summary>The stores that are measured.</summary>
internal static class StoreKinds
{
    /// <summary>Those that are asked for, or else all; without those that can't be had here, which it says.</summary>
    public static IEnumerable<string> Of(string[] asked, params string[] all)
    {
        foreach (var kind in asked.Length > 0 ? asked : all)
        {
            if (kind == "kubernetes" && Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is null)
                Console.WriteLine("\nkubernetes: left out, as KUBEBUILDER_ASSETS is not set");
            else
                yield return kind;
        }
    }
}
