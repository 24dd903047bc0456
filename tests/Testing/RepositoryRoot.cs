namespace Testing;

/// <summary>The folder of the repository that these tests were built from.</summary>
public static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    /// <summary>A file or folder of the repository.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    // Not by the path that the compiler saw: a deterministic build replaces it.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no IpamSuite.sln in {AppContext.BaseDirectory} or above it");
    }
}
