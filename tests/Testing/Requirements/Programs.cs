namespace Testing;

/// <summary>Programs on this machine.</summary>
public static class Programs
{
    /// <summary>The reference plugins, of Debian's package containernetworking-plugins.</summary>
    public const string CniFolder = "/usr/lib/cni";

    // PATH may lack the folders of programs for root. Our plugins are where eng/publish.sh puts them.
    private static readonly string[] Folders =
        [.. Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [], "/usr/sbin", "/usr/bin", "/sbin", "/bin", CniFolder, RepositoryRoot.PathOf("artifacts/cni")];

    /// <summary>The full path of a program or a plugin; null if it isn't here.</summary>
    public static string? Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
