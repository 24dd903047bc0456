namespace Ipam.Bench;

/// <summary>Where things are.</summary>
internal static class Folders
{
    public const string Debian = "/usr/lib/cni";

    public static string Repository { get; } = FindRepository();

    public static string Artifact(string path) => Path.Combine(Repository, "artifacts", path);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("IpamSuite.sln is in none of the folders above");
    }
}
