namespace Net.Plugin.Tests.Support;

/// <summary>The binaries as users get them.</summary>
internal static class Published
{
    /// <summary>artifacts/cni of this working copy.</summary>
    public static readonly string Folder = Path.Combine(FindRoot(), "artifacts", "cni");

    /// <summary>The plugin, as eng/publish.sh made it.</summary>
    public static readonly string Plugin = Path.Combine(Folder, "net-ptp");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no IpamSuite.sln above {AppContext.BaseDirectory}");
    }
}
