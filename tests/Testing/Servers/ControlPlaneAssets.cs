namespace Testing.Servers;

/// <summary>The programs of a control plane for tests.</summary>
public static class ControlPlaneAssets
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

/// <summary>Marks a class whose tests need a control plane.</summary>
public sealed class NeedsControlPlaneAttribute() : NeedsAttribute(ControlPlaneAssets.WhyMissing);
