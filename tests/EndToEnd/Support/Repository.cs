namespace EndToEnd.Support;

/// <summary>Where the published binaries are: what a user would install, not what the compiler left in bin/.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Folder;

    public static string Ipam => Published("cni/ipam");

    public static string Ipamd => Published("ipamd/ipamd");

    public static string Ipamctl => Published("ipamctl/ipamctl");

    /// <summary>All that was published.</summary>
    public static string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The folder of our plugins, for CNI_PATH.</summary>
    public static string PluginFolder => Path.GetDirectoryName(Ipam)!;

    /// <summary>Logs of the services that tests started; the next run overwrites them.</summary>
    public static string LogFolder => Directory.CreateDirectory(Path.Combine(Root, "artifacts/test-logs")).FullName;

    private static string Published(string name)
    {
        var path = Path.Combine(Root, "artifacts", name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing; run 'make publish' first", path);
    }
}
