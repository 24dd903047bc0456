namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>The programs of a control plane for tests.</summary>
internal static class Assets
{
    /// <summary>The folder that has them; null if there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests that need them are skipped; null if they aren't.</summary>
    public static string? WhyMissing { get; } =
        Folder is null ? "needs etcd and kube-apiserver; set KUBEBUILDER_ASSETS to the folder that has them" : null;

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        return folder is not null && File.Exists(Path.Combine(folder, "etcd")) && File.Exists(Path.Combine(folder, "kube-apiserver")) ? folder : null;
    }
}
