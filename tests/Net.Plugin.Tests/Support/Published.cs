namespace Net.Plugin.Tests.Support;

/// <summary>The binaries as users get them.</summary>
internal static class Published
{
    /// <summary>artifacts/cni of this working copy.</summary>
    public static readonly string Folder = Path.Combine(RepositoryRoot.Folder, "artifacts", "cni");

    /// <summary>The plugin, as eng/publish.sh made it.</summary>
    public static readonly string Plugin = Path.Combine(Folder, "net-ptp");
}
